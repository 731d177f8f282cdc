import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { type Caller, CurrentCaller } from '../../access/caller.js';
import { Public } from '../../access/public.decorator.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { TakesDeclaredFields } from '../../http/body-fields.js';
import type { UserFieldValues } from '../../kernel/user-fields.js';
import { BotChecked } from '../../limits/bot-check.interceptor.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { MAILS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { merged } from '../../users/declared-user-fields.js';
import { IsDisplayName } from '../../users/is-display-name.js';
import { IsEmailAddress } from '../../users/is-email-address.js';
import { VerificationSentReply } from '../../verification/verification-sent.reply.js';
import { RegistrationService } from './registration.service.js';

@TakesDeclaredFields('registration')
export class RegisterRequest {
  @ApiProperty({
    description: 'Address that receives the verification link.',
    format: 'email',
    example: 'ada@example.com',
  })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({
    description: 'Password of the new account. It must be long and hard to guess; the limits are configurable.',
    format: 'password',
    example: 'an engine weaves algebra',
    minLength: 8,
  })
  @IsString()
  password!: string;

  @IsDisplayName({ example: 'Ada Lovelace' })
  name?: string | null;

  /** The declared ones. */
  declare readonly fields?: UserFieldValues;
}

@AuthController('auth/register', 'Registration')
export class RegistrationController {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly keys: LimitKeys,
  ) {}

  @Describe({
    summary: 'Register',
    description:
      'Sends an e-mail with a verification link. A taken address gets the same response, but another e-mail. With `REGISTRATION_DISCLOSES_TAKEN=true`, a taken address is answered with 409. With `SELF_REGISTRATION=false`, every registration is answered with 403; with `REGISTRATION_DOMAINS`, an address elsewhere with 400.',
    answers: { 202: { description: 'An e-mail follows.', type: VerificationSentReply } },
    errors: ['conflict', 'forbidden'],
  })
  @Post()
  @Public()
  @BotChecked('register')
  @RateLimited(MAILS)
  @HttpCode(202)
  async register(
    @Body() { email, password, name, fields }: RegisterRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<VerificationSentReply> {
    const source = this.keys.source(caller);
    await this.registrations.register({
      email,
      password,
      name: name || null,
      fields: merged(null, fields ?? {}),
      source,
      origin: caller,
    });
    return { status: 'verification_sent' };
  }
}
