import { Body, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { MAILS } from '../limits/rate-limit-rule.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { ServesLinkPage } from '../users/link-page.js';
import { EmailVerificationService } from './email-verification.service.js';
import { VERIFICATION_PAGE } from './verification-page.js';
import { VerificationSentReply } from './verification-sent.reply.js';

class VerifyEmailRequest {
  @ApiProperty({ description: 'As mailed.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

class SendVerificationRequest {
  @ApiProperty({ description: 'The address registered with.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;
}

/** The mailbox is proven, and no password from before may stay. */
class PasswordRequiredReply {
  @ApiProperty({
    description: 'A password is to be chosen.',
    enum: ['password_required'],
    example: 'password_required',
  })
  status!: 'password_required';

  @ApiProperty({
    description: 'For `POST /auth/password/reset`, as if it had been mailed.',
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  resetToken!: string;
}

@AuthController('auth/email', 'Registration')
export class EmailVerificationController {
  constructor(
    private readonly verifications: EmailVerificationService,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Describe({
    summary: 'Verify an e-mail address',
    description:
      'Takes the token out of the mail, once. That of a registration makes the user, with the password registered with. Where that could be somebody else’s choice, a `resetToken` is answered to choose one with: several people registered the address with different passwords; or the user was there before the mailbox was proven, and has no password or one that anybody may have set. With `EMAIL_VERIFICATION=optional` a browser that is logged in as the user keeps the password. Everything else from before the proof ends, every session included.',
    answers: {
      200: { description: 'Verified; a password is to be chosen.', type: PasswordRequiredReply },
      204: { description: 'Verified.' },
    },
    errors: ['invalid_token'],
  })
  // No @HttpCode: it would overrule what the handler says.
  @Post('verify')
  @Public()
  async verifyEmail(
    @Body() { token }: VerifyEmailRequest,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<PasswordRequiredReply | undefined> {
    const { resetToken } = await this.verifications.verify(token, request);
    this.adapterHost.httpAdapter.status(reply, resetToken === null ? 204 : 200);
    return resetToken === null ? undefined : { status: 'password_required', resetToken };
  }

  @Describe({
    summary: 'The page a mailed link opens',
    description: 'HTML with one button that posts the token here. Opening it changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get('verify')
  @Public()
  @ServesLinkPage()
  showVerificationPage(): string {
    return VERIFICATION_PAGE;
  }

  @Describe({
    summary: 'Mail another verification link',
    description: 'The answer is the same whether the address is known, unknown or verified already.',
    answers: { 202: { description: 'A mail follows if one is due.', type: VerificationSentReply } },
  })
  @Post('verification')
  @Public()
  @RateLimited(MAILS)
  @HttpCode(202)
  async sendVerification(@Body() { email }: SendVerificationRequest): Promise<VerificationSentReply> {
    await this.verifications.sendAgain(email);
    return { status: 'verification_sent' };
  }
}
