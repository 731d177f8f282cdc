import { Body, HttpCode, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { replyWithTickets } from '../../credentials/login.replies.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { BotChecked } from '../../limits/bot-check.interceptor.js';
import { HASHES, MAILS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';

import {
  ChangePasswordRequest,
  ForgotPasswordRequest,
  NewTicketsReply,
  ResetPasswordRequest,
  ResetSentReply,
} from './password.requests.js';
import { PasswordChangeService } from './password-change.service.js';
import { PasswordResetService } from './password-reset.service.js';

@AuthController('auth/password', 'Password')
export class PasswordController {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly changes: PasswordChangeService,
  ) {}

  @Describe({
    summary: 'Request a password reset link',
    description: 'The response is the same for known and unknown addresses. A new link replaces an older one.',
    answers: { 202: { description: 'An e-mail follows if the address is known.', type: ResetSentReply } },
  })
  @Post('forgot')
  @Public()
  @BotChecked('forgot')
  @RateLimited(MAILS)
  @HttpCode(202)
  async forgotPassword(
    @Body() { email }: ForgotPasswordRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<ResetSentReply> {
    await this.resets.forgot(email, caller);
    return { status: 'reset_sent' };
  }

  @Describe({
    summary: 'Reset the password',
    description:
      'Consumes the token of the e-mail. All sessions end; second factors stay. The user is not logged in. If the password is refused, the link stays valid.',
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
    summary: 'Change the password',
    description:
      'All other sessions end. The current session gets a new id and new tickets, which are set as cookies. A client that stores its tokens itself sets `transport: body` again: without it the response is 204, which has no place for tokens, and the current session ends too.',
    answers: {
      200: { description: 'Changed. The response contains the new tokens.', type: NewTicketsReply },
      204: { description: 'Changed. New tickets, if any, are set as cookies.' },
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
