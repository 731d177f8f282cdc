import { Body, Get, Post } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { type Caller, CurrentCaller } from '../../../access/caller.js';
import { Public } from '../../../access/public.decorator.js';
import { Describe } from '../../../http/api-docs.js';
import { HASHES } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { LinkController } from '../../../pages/links/link-controller.js';
import { PasswordLinkForm } from '../../../pages/links/link-forms.js';
import { LinkPages } from '../../../pages/links/link-pages.js';
import type { PageView, SeeOther } from '../../../pages/page-view.js';
import { QueryText } from '../../../pages/query-text.decorator.js';
import { PasswordResetService } from '../password-reset.service.js';

@LinkController('auth/password/reset', 'Password')
export class ResetLinkPage {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly links: LinkPages,
  ) {}

  @Describe({
    summary: 'Page that a mailed reset link opens',
    description: 'HTML page with a field for the password, which it sets. Opening the page changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  showResetPage(@QueryText('token') token: unknown): PageView {
    return this.links.show('reset-password', token, 'reset/form');
  }

  @Post('form')
  @ApiExcludeEndpoint()
  @Public()
  @RateLimited({ ...HASHES, countedAs: 'PasswordController.resetPassword' })
  async reset(@Body() { token, password }: PasswordLinkForm, @CurrentCaller() caller: Caller): Promise<SeeOther> {
    await this.links.attempt('reset-password', token, () => this.resets.reset(token, password, caller));
    return this.links.done('reset-password', '/sign-in');
  }

  @Get('form')
  @ApiExcludeEndpoint()
  @Public()
  showReset(): PageView {
    return this.links.afterwards();
  }
}
