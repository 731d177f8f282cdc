import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, ValidateIf } from 'class-validator';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { MAILS } from '../limits/rate-limit-rule.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { EmailChangeService } from './email-change.service.js';

export class ChangeEmailRequest {
  @ApiProperty({ description: 'New e-mail address.', format: 'email', example: 'ada.king@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({
    description:
      'Password of the current user. Absent only for a user who has none: then shortly after a step-up; users with a second factor must have used it for the step-up.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  // Not IsOptional: a null is a mistake, not an absent password.
  @ValidateIf(({ password }) => password !== undefined)
  @IsString()
  password?: string;
}

class MailedTokenRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

class EmailChangeReply {
  @ApiProperty({ description: 'Check the new mailbox.', enum: ['confirmation_sent'], example: 'confirmation_sent' })
  status!: 'confirmation_sent';
}

@AuthController('auth/email/change', 'Profile')
export class EmailChangeController {
  constructor(private readonly emailChanges: EmailChangeService) {}

  @Describe({
    summary: 'Request a change of e-mail address',
    description:
      'Sends a link that confirms the change to the new address, and a link that stops it to the old one. The response is the same for a taken address. A user can request five changes a day and have ten that can still be undone. Undoing a change, or reporting “this was not me”, resets these limits.',
    answers: { 202: { description: 'E-mails follow. Nothing has changed yet.', type: EmailChangeReply } },
    errors: ['invalid_credentials', 'step_up_required', 'forbidden', 'rate_limited'],
  })
  @Post()
  @RateLimited(MAILS)
  @HttpCode(202)
  async changeEmail(
    @Body() params: ChangeEmailRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<EmailChangeReply> {
    await this.emailChanges.request(params, auth, exchange);
    return { status: 'confirmation_sent' };
  }

  @Describe({
    summary: 'Confirm the new e-mail address',
    description: 'Consumes the token sent to the new address. Older access tokens must be refreshed.',
    answers: { 204: { description: 'The address is changed and verified.' } },
    errors: ['invalid_token', 'conflict'],
  })
  @Post('confirm')
  @Public()
  @HttpCode(204)
  async confirmEmailChange(@Body() { token }: MailedTokenRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.emailChanges.confirm(token, caller);
  }

  @Describe({
    summary: 'Undo a change of e-mail address',
    description:
      'Consumes the token sent to the old address. The old address is restored, all sessions end, the password stops working, and a link to choose a new one is sent there. If another user has verified the old address in the meantime, the account gets a substitute address. The e-mail names it: log in with it, and set a new address.',
    answers: { 204: { description: 'The old address is restored.' } },
    errors: ['invalid_token'],
  })
  @Post('undo')
  @Public()
  @HttpCode(204)
  async undoEmailChange(@Body() { token }: MailedTokenRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.emailChanges.undo(token, caller);
  }
}
