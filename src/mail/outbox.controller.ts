import { Get, Headers, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Public } from '../access/public.decorator.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { AuthError } from '../kernel/auth-error.js';
import { Outbox } from './outbox.js';
import { OutboxReply } from './outbox.reply.js';
import { OUTBOX_PAGE_POLICY, outboxPage } from './outbox-page.js';

/** Shows what was mailed. Not part of the mail room: only the service adds it, and only outside production it answers. */
@AuthController('dev', 'Development')
export class OutboxController {
  private readonly isOpen: boolean;
  private readonly ownOrigin: string;

  constructor(
    private readonly outbox: Outbox,
    private readonly adapterHost: HttpAdapterHost,
    options: Options,
  ) {
    const { nodeEnv, publicUrl } = options.of(coreOptions);
    this.isOpen = nodeEnv !== 'production';
    this.ownOrigin = new URL(publicUrl).origin;
  }

  @Describe({
    summary: 'Mails sent so far',
    description: 'The newest first, at most 1000; as HTML to a client that accepts it. Not in production.',
    answers: { 200: { description: 'The outbox.', type: OutboxReply } },
    errors: ['not_found'],
  })
  @Get('outbox')
  @Public()
  listOutbox(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: object,
  ): OutboxReply | string {
    if (!this.isOpen) throw new AuthError('not_found', { reason: 'outbox_in_production' });
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'Vary', 'Accept');
    if (!accept?.includes('text/html')) return { mails: this.outbox.list() };
    adapter.setHeader(reply, 'Content-Type', 'text/html; charset=utf-8');
    adapter.setHeader(reply, 'Content-Security-Policy', OUTBOX_PAGE_POLICY);
    adapter.setHeader(reply, 'X-Content-Type-Options', 'nosniff');
    adapter.setHeader(reply, 'Referrer-Policy', 'no-referrer');
    return outboxPage(this.outbox.list(), this.ownOrigin);
  }
}
