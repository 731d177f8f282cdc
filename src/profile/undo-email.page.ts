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
import { EmailChangeService } from './email-change.service.js';

@LinkController('auth/email/change/undo', 'Profile')
export class UndoEmailPage {
  constructor(
    private readonly emailChanges: EmailChangeService,
    private readonly links: LinkPages,
  ) {}

  @Describe({
    summary: 'Page that the link to the old address opens',
    description: 'HTML page with one button, which does what the link is for. Opening the page changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  showEmailChangeUndoPage(@QueryText('token') token: unknown): PageView {
    return this.links.show('undo-email', token, 'undo/form');
  }

  @Post('form')
  @ApiExcludeEndpoint()
  @Public()
  async undo(@Body() { token }: LinkForm, @CurrentCaller() caller: Caller): Promise<SeeOther> {
    await this.links.attempt('undo-email', token, () => this.emailChanges.undo(token, caller));
    return this.links.done('undo-email');
  }

  @Get('form')
  @ApiExcludeEndpoint()
  @Public()
  showUndone(): PageView {
    return this.links.afterwards();
  }
}
