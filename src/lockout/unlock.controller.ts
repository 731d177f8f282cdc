import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Public } from '../access/public.decorator.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { UnlockService } from './unlock.service.js';

class UnlockRequest {
  @ApiProperty({ description: 'Token of the e-mail.', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...' })
  @IsString()
  token!: string;
}

@AuthController('auth/unlock', 'Login')
export class UnlockController {
  constructor(private readonly unlocking: UnlockService) {}

  @Describe({
    summary: 'Unlock an account',
    description:
      'Consumes the token of the e-mail about too many failed logins or wrong codes. The user is not logged in.',
    answers: { 204: { description: 'The account is unlocked.' } },
    errors: ['invalid_token'],
  })
  @Post()
  @Public()
  @HttpCode(204)
  async unlock(@Body() { token }: UnlockRequest, @CurrentCaller() caller: Caller): Promise<void> {
    await this.unlocking.unlock(token, caller);
  }
}
