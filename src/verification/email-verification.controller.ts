import { Body, HttpCode, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import type { HttpReply, HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { MAILS } from '../limits/rate-limit-rule.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { EmailVerificationService } from './email-verification.service.js';
import { VerificationSentReply } from './verification-sent.reply.js';

class VerifyEmailRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

class SendVerificationRequest {
  @ApiProperty({ description: 'E-mail address of the account.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;
}

/** The mailbox is proven, and no password from before may stay. */
class PasswordRequiredReply {
  @ApiProperty({
    description: 'The user must choose a password.',
    enum: ['password_required'],
    example: 'password_required',
  })
  status!: 'password_required';

  @ApiProperty({
    description: 'Token for `POST /auth/password/reset`; it works like one from an e-mail.',
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
      'Consumes the token of the e-mail. For a registration, it creates the user with the password of that registration. If another person may have chosen that password, the response contains a `resetToken` with which to choose one. This is so if the address was registered several times with different passwords, or if the user existed before the mailbox was verified. With `EMAIL_VERIFICATION=optional`, a browser that is logged in as the user keeps the password. Everything else from before the verification ends, including all sessions.',
    answers: {
      200: { description: 'Verified, and the user must choose a password.', type: PasswordRequiredReply },
      204: { description: 'The address is verified.' },
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
    summary: 'Send another verification link',
    description: 'The response is the same for known, unknown and verified addresses.',
    answers: {
      202: { description: 'An e-mail follows if the address needs to be verified.', type: VerificationSentReply },
    },
  })
  @Post('verification')
  @Public()
  @RateLimited(MAILS)
  @HttpCode(202)
  async sendVerification(
    @Body() { email }: SendVerificationRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<VerificationSentReply> {
    await this.verifications.sendAgain(email, caller);
    return { status: 'verification_sent' };
  }
}
