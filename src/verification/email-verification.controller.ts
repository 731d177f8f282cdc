import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import { Public } from '../access/public.decorator.js';
import { Describe, Field } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { MAILS } from '../limits/rate-limit-rule.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { ServesLinkPage } from '../users/link-page.js';
import { EmailVerificationService } from './email-verification.service.js';
import { VERIFICATION_PAGE } from './verification-page.js';
import { VerificationSentReply } from './verification-sent.reply.js';

class VerifyEmailRequest {
  @Field({ description: 'As mailed.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

class SendVerificationRequest {
  @Field({ description: 'The address registered with.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;
}

@AuthController('auth/email', 'Registration')
export class EmailVerificationController {
  constructor(private readonly verifications: EmailVerificationService) {}

  @Describe({
    summary: 'Verify an e-mail address',
    description:
      'Takes the token out of the mail. It works once, and ends every other link mailed for the same purpose.',
    answers: { 204: { description: 'Verified.' } },
    errors: ['invalid_token'],
  })
  @Post('verify')
  @Public()
  @HttpCode(204)
  verifyEmail(@Body() { token }: VerifyEmailRequest): Promise<void> {
    return this.verifications.verify(token);
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
