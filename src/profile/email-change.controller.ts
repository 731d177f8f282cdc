import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
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
import { linkPage, ServesLinkPage } from '../users/link-page.js';
import { EmailChangeService } from './email-change.service.js';

const CONFIRMATION_PAGE = linkPage({
  title: 'Confirm your new e-mail address',
  lead: 'Press the button to use this address from now on.',
  button: 'Confirm',
  done: 'Your address is changed. You can close this page.',
  spent: 'This link has been used or has expired, or the address is taken.',
});

const UNDO_PAGE = linkPage({
  title: 'Keep your old e-mail address',
  lead: 'Press the button to take the change back. All sessions end, and you choose a new password.',
  button: 'Take it back',
  done: 'Done. Look into your mailbox for the link to a new password.',
  spent: 'This link has been used or has expired.',
});

class ChangeEmailRequest {
  @ApiProperty({ description: 'The new address.', format: 'email', example: 'ada.king@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({
    description: 'Of the user who is logged in.',
    format: 'password',
    example: 'an engine weaves algebra',
  })
  @IsString()
  password!: string;
}

class MailedTokenRequest {
  @ApiProperty({ description: 'As mailed.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

class EmailChangeReply {
  @ApiProperty({ description: 'Look into the new mailbox.', enum: ['confirmation_sent'], example: 'confirmation_sent' })
  status!: 'confirmation_sent';
}

@AuthController('auth/email/change', 'Profile')
export class EmailChangeController {
  constructor(private readonly emailChanges: EmailChangeService) {}

  @Describe({
    summary: 'Ask for another e-mail address',
    description:
      'Mails a link to the new address, which confirms it, and a notice with a way back to the old one. The answer is the same for a taken address. At most five a day, and ten that can still be taken back; taking one back, or “this was not me”, has them counted anew.',
    answers: { 202: { description: 'Mails follow; nothing has changed yet.', type: EmailChangeReply } },
    errors: ['invalid_credentials', 'rate_limited'],
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
    description: 'Takes the token mailed to the new address, once. Older access tokens are to be refreshed.',
    answers: { 204: { description: 'The address is changed, and verified.' } },
    errors: ['invalid_token', 'conflict'],
  })
  @Post('confirm')
  @Public()
  @HttpCode(204)
  async confirmEmailChange(@Body() { token }: MailedTokenRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.emailChanges.confirm(token, caller);
  }

  @Describe({
    summary: 'The page the link to the new address opens',
    description: 'HTML with one button that posts the token here. Opening it changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get('confirm')
  @Public()
  @ServesLinkPage()
  showEmailChangePage(): string {
    return CONFIRMATION_PAGE;
  }

  @Describe({
    summary: 'Take a change of address back',
    description:
      'Takes the token mailed to the old address, once. The old address is restored, all sessions end, no password is right any more, and a link to choose one is mailed there. If the address is another user’s by now who has proven it, the account gets a stand-in, which that mail tells: log in with it, and name a new address.',
    answers: { 204: { description: 'The old address is back.' } },
    errors: ['invalid_token'],
  })
  @Post('undo')
  @Public()
  @HttpCode(204)
  async undoEmailChange(@Body() { token }: MailedTokenRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.emailChanges.undo(token, caller);
  }

  @Describe({
    summary: 'The page the link to the old address opens',
    description: 'HTML with one button that posts the token here. Opening it changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get('undo')
  @Public()
  @ServesLinkPage()
  showEmailChangeUndoPage(): string {
    return UNDO_PAGE;
  }
}
