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
import { NotMeService } from './not-me.service.js';

@LinkController('auth/security/not-me', 'Profile')
export class NotMePage {
  constructor(
    private readonly notMe: NotMeService,
    private readonly links: LinkPages,
  ) {}

  @Describe({
    summary: 'Page that a “this was not me” link opens',
    description: 'HTML page with one button, which does what the link is for. Opening the page changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  showNotMePage(@QueryText('token') token: unknown): PageView {
    return this.links.show('not-me', token, 'not-me/form');
  }

  @Post('form')
  @ApiExcludeEndpoint()
  @Public()
  async disown(@Body() { token }: LinkForm, @CurrentCaller() caller: Caller): Promise<SeeOther> {
    await this.links.attempt('not-me', token, () => this.notMe.disown(token, caller));
    return this.links.done('not-me');
  }

  @Get('form')
  @ApiExcludeEndpoint()
  @Public()
  showDisowned(): PageView {
    return this.links.afterwards();
  }
}
