import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { NotMeService } from './not-me.service.js';

class NotMeRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

@AuthController('auth/security/not-me', 'Profile')
export class NotMeController {
  constructor(private readonly notMe: NotMeService) {}

  @Describe({
    summary: 'Report an unauthorized change to an account',
    description:
      'Consumes the token of the notification. It removes the factors and API keys that were added at that time or later, and ends everything else. The password stops working, and a link to choose a new one is sent to the mailbox that received the notification. If that is a former mailbox, the change of address is undone too.',
    answers: { 204: { description: 'Removed. Everything has ended on every node.' } },
    errors: ['invalid_token'],
  })
  @Post()
  @Public()
  @HttpCode(204)
  async disown(@Body() { token }: NotMeRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.notMe.disown(token, caller);
  }
}
