import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { replyWithTickets } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { HASHES, MAILS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { linkPage, ServesLinkPage } from '../../users/link-page.js';

import {
  ChangePasswordRequest,
  ForgotPasswordRequest,
  NewTicketsReply,
  ResetPasswordRequest,
  ResetSentReply,
} from './password.requests.js';
import { PasswordChangeService } from './password-change.service.js';
import { PasswordResetService } from './password-reset.service.js';

const RESET_PAGE = linkPage({
  title: 'Choose a new password',
  lead: 'All your sessions will end.',
  passwordLabel: 'New password',
  button: 'Set the password',
  done: 'Your password is set. You can close this page and log in.',
  spent: 'This link has been used or has expired. Ask for a new one.',
});

@AuthController('auth/password', 'Password')
export class PasswordController {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly changes: PasswordChangeService,
  ) {}

  @Describe({
    summary: 'Mail a link to reset the password',
    description: 'The answer is the same for known and unknown addresses. A newer link ends the older.',
    answers: { 202: { description: 'A mail follows if the address is known.', type: ResetSentReply } },
  })
  @Post('forgot')
  @Public()
  @RateLimited(MAILS)
  @HttpCode(202)
  async forgotPassword(@Body() { email }: ForgotPasswordRequest): Promise<ResetSentReply> {
    await this.resets.forgot(email);
    return { status: 'reset_sent' };
  }

  @Describe({
    summary: 'Reset the password',
    description:
      'Takes the token out of the mail, once. All sessions end, second factors stay, nobody is logged in. A refused password leaves the link good.',
    answers: { 204: { description: 'The password is set.' } },
    errors: ['invalid_token'],
  })
  @Post('reset')
  @Public()
  @RateLimited(HASHES)
  @HttpCode(204)
  async resetPassword(
    @Body() { token, password }: ResetPasswordRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.resets.reset(token, password, caller);
  }

  @Describe({
    summary: 'The page a mailed reset link opens',
    description: 'HTML with a field for the new password, which it posts here. Opening it changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get('reset')
  @Public()
  @ServesLinkPage()
  showResetPage(): string {
    return RESET_PAGE;
  }

  @Describe({
    summary: 'Change the password',
    description:
      'All other sessions end. This one gets a new id and new tickets, in cookies; a client that keeps its tokens itself names a `transport`.',
    answers: {
      200: { description: 'Changed; the new tokens.', type: NewTicketsReply },
      204: { description: 'Changed; new tickets, if any, are in cookies.' },
    },
    errors: ['invalid_credentials', 'forbidden', 'rate_limited'],
  })
  // No @HttpCode: it would overrule what the handler says.
  @Post('change')
  async changePassword(
    @Body() params: ChangePasswordRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<NewTicketsReply | undefined> {
    const tickets = await this.changes.change(params, auth, exchange);
    return replyWithTickets(tickets, params.transport, exchange) as NewTicketsReply | undefined;
  }
}
