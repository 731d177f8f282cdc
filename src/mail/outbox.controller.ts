import { setTimeout as pause } from 'node:timers/promises';
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
import { PostOffice } from './post-office.js';

/** Mails due now are waited for, unless a mail server is slow. */
const PATIENCE_MS = 1000;

/** Shows what was mailed. Not part of the mail room: only the service adds it, and only outside production it answers. */
@AuthController('dev', 'Development')
export class OutboxController {
  private readonly isOpen: boolean;
  private readonly ownOrigin: string;

  constructor(
    private readonly outbox: Outbox,
    private readonly postOffice: PostOffice,
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
  async listOutbox(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: object,
  ): Promise<OutboxReply | string> {
    if (!this.isOpen) throw new AuthError('not_found', { reason: 'outbox_in_production' });
    await Promise.race([this.postOffice.settled(), pause(PATIENCE_MS)]);
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
