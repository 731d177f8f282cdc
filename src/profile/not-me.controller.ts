import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { linkPage, ServesLinkPage } from '../users/link-page.js';
import { NotMeService } from './not-me.service.js';

const PAGE = linkPage({
  title: 'This was not me',
  lead: 'Press the button to remove what was changed, and all that came after it. All sessions end, and you choose a new password.',
  button: 'It was not me',
  done: 'Done. Look into your mailbox for the link to a new password.',
  spent: 'This link has been used or has expired.',
});

class NotMeRequest {
  @ApiProperty({ description: 'As mailed.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

@AuthController('auth/security/not-me', 'Profile')
export class NotMeController {
  constructor(private readonly notMe: NotMeService) {}

  @Describe({
    summary: 'Say that a change of a way in was somebody else’s',
    description:
      'Takes the token out of the notice, once. Factors and API keys from then or later are removed, everything else ends, no password is right any more, and a link to choose one is mailed to the mailbox the notice went to. From a former mailbox it takes the change of address back too.',
    answers: { 204: { description: 'Removed; everything has ended, on every node.' } },
    errors: ['invalid_token'],
  })
  @Post()
  @Public()
  @HttpCode(204)
  async disown(@Body() { token }: NotMeRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.notMe.disown(token, caller);
  }

  @Describe({
    summary: 'The page the link in such a notice opens',
    description: 'HTML with one button that posts the token here. Opening it changes nothing.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  @ServesLinkPage()
  showNotMePage(): string {
    return PAGE;
  }
}
