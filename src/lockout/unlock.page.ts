import { Body, Get, Post } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { LinkController } from '../pages/links/link-controller.js';
import { LinkForm } from '../pages/links/link-forms.js';
import { LinkPages } from '../pages/links/link-pages.js';
import type { PageView, SeeOther } from '../pages/page-view.js';
import { QueryText } from '../pages/query-text.decorator.js';
import { UnlockService } from './unlock.service.js';

@LinkController('auth/unlock', 'Login')
export class UnlockPage {
  constructor(
    private readonly unlocking: UnlockService,
    private readonly links: LinkPages,
  ) {}

  @Describe({
    summary: 'Page that an unlock link opens',
    description: 'HTML page with one button, which does what the link is for. Opening the page changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  showUnlockPage(@QueryText('token') token: unknown): PageView {
    return this.links.show('unlock', token, 'unlock/form');
  }

  @Post('form')
  @ApiExcludeEndpoint()
  @Public()
  async unlock(@Body() { token }: LinkForm, @CurrentCaller() caller: Caller): Promise<SeeOther> {
    await this.links.attempt('unlock', token, () => this.unlocking.unlock(token, caller));
    return this.links.done('unlock', '/sign-in');
  }

  @Get('form')
  @ApiExcludeEndpoint()
  @Public()
  showUnlocked(): PageView {
    return this.links.afterwards();
  }
}
