import { Body, Get, Post, Req } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Public } from '../access/public.decorator.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { LinkController } from '../pages/links/link-controller.js';
import { LinkForm } from '../pages/links/link-forms.js';
import { LinkPages } from '../pages/links/link-pages.js';
import type { PageView, SeeOther } from '../pages/page-view.js';
import { QueryText } from '../pages/query-text.decorator.js';
import { EmailVerificationService } from './email-verification.service.js';

@LinkController('auth/email/verify', 'Registration')
export class VerifyEmailPage {
  constructor(
    private readonly verifications: EmailVerificationService,
    private readonly links: LinkPages,
  ) {}

  @Describe({
    summary: 'Page that a verification link opens',
    description: 'HTML page with one button, which verifies the address. Opening the page changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  showVerificationPage(@QueryText('token') token: unknown): PageView {
    return this.links.show('verify-email', token, 'verify/form');
  }

  @Post('form')
  @ApiExcludeEndpoint()
  @Public()
  async verify(@Body() { token }: LinkForm, @Req() request: HttpRequest): Promise<PageView | SeeOther> {
    const attempt = () => this.verifications.verify(token, request);
    const { resetToken } = await this.links.attempt('verify-email', token, attempt);
    if (resetToken === null) return this.links.done('verify-email', '/sign-in');
    return this.links.choose('choose-password', resetToken, '../../password/reset/form');
  }

  @Get('form')
  @ApiExcludeEndpoint()
  @Public()
  showVerified(): PageView {
    return this.links.afterwards();
  }
}
