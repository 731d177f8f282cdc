import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Get, Header, Headers, Param, Res, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LoopbackGuard } from '../access/loopback.guard.js';
import { Public } from '../access/public.decorator.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { AuthError } from '../kernel/auth-error.js';
import { MailQueue } from './mail-queue.js';
import { Outbox } from './outbox.js';
import { OutboxMailParams, OutboxReply } from './outbox.reply.js';
import { OUTBOX_MAIL_POLICY, OUTBOX_PAGE_POLICY, outboxPage } from './outbox-page.js';

/** Mails due now are waited for, unless a mail server is slow. */
const PATIENCE_MS = 1000;

/** Headers in which a proxy on this machine names its clients, who may be anywhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** Shows what was mailed. Not part of the mail feature: only the service adds it, and only outside production, to this machine, it answers. */
@AuthController('dev', 'Development')
@UseGuards(LoopbackGuard)
export class OutboxController {
  private readonly ownOrigin: string;

  constructor(
    private readonly outbox: Outbox,
    private readonly mailQueue: MailQueue,
    private readonly adapterHost: HttpAdapterHost,
    options: Options,
  ) {
    this.ownOrigin = new URL(options.of(coreOptions).publicUrl).origin;
  }

  @Describe({
    summary: 'List sent e-mails',
    description:
      'The newest first, at most 1000. Clients that accept HTML receive a page. Available in development only, and only from this machine.',
    answers: { 200: { description: 'The outbox.', type: OutboxReply } },
    errors: ['not_found'],
  })
  @Get('outbox')
  @Public()
  async listOutbox(
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: object,
  ): Promise<OutboxReply | string> {
    refuseProxies(headers);
    await Promise.race([this.mailQueue.settled(), pause(PATIENCE_MS)]);
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'Vary', 'Accept');
    if (!headers.accept?.includes('text/html')) return { mails: this.outbox.list() };
    adapter.setHeader(reply, 'Content-Type', 'text/html; charset=utf-8');
    adapter.setHeader(reply, 'Content-Security-Policy', OUTBOX_PAGE_POLICY);
    return outboxPage(this.outbox.list(), this.ownOrigin);
  }

  @Describe({
    summary: 'Show a sent e-mail as HTML',
    description: 'Available in development only, and only from this machine.',
    answers: { 200: { description: 'The HTML part of the e-mail.' } },
    errors: ['validation_failed', 'not_found'],
  })
  @Get('outbox/:id')
  @Public()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', OUTBOX_MAIL_POLICY)
  showOutboxMail(@Headers() headers: IncomingHttpHeaders, @Param() { id }: OutboxMailParams): string {
    refuseProxies(headers);
    const mail = this.outbox.list().find((each) => each.id === id);
    if (!mail) throw new AuthError('not_found', { reason: 'no_such_mail' });
    return mail.html;
  }
}

function refuseProxies(headers: IncomingHttpHeaders): void {
  if (FORWARDED.every((name) => headers[name] === undefined)) return;
  throw new AuthError('not_found', { reason: 'outbox_behind_a_proxy' });
}
