import { Body, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { type LoginReply, TRANSPORTS } from '../credentials/login.replies.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { GenericCredentialErrorInterceptor } from '../http/generic-credential-error.interceptor.js';
import type { Transport } from '../kernel/auth-context.js';
import { BotChecked } from '../limits/bot-check.interceptor.js';
import { LoginNames } from '../usernames/login-names.js';
import { LoginService } from './login.service.js';
import { LoginName } from './login-name.js';
import {
  type EnrolmentRequiredReply,
  type FactorRequiredReply,
  LOGIN_REPLIES,
  loginReply,
} from './login-step.replies.js';

class LoginRequest extends LoginName {
  @ApiProperty({
    description: 'Password, exactly as registered.',
    format: 'password',
    example: 'an engine weaves algebra',
  })
  @IsString()
  password!: string;

  @ApiProperty({
    description: 'How later requests are authenticated. Default: the first strategy that is switched on.',
    required: false,
    enum: ['session', 'jwt'],
  })
  @IsOptional()
  @IsString()
  strategy?: string;

  @ApiProperty({
    description:
      'For jwt: `body` returns both tokens in the response, `cookie` sets both as cookies, and `split` (default) sets only the refresh token as a cookie. The strategy `session` always uses a cookie.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;

  @ApiProperty({
    description: 'Token from an earlier login with transport `body`. With it, this login comes from a known device.',
    required: false,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  deviceToken?: string;
}

@AuthController('auth/login', 'Login')
@UseInterceptors(GenericCredentialErrorInterceptor)
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly names: LoginNames,
  ) {}

  @Describe({
    summary: 'Log in with a password',
    description:
      'Starts a session and returns its ticket: a cookie or tokens. If a second factor is required, the response contains a `loginToken` for `POST /auth/login/factor` instead. If a second factor must be enrolled first, the session is limited to that.',
    answers: { 200: { description: 'The result of the login, or the step that is due next.', type: LOGIN_REPLIES } },
    errors: ['invalid_credentials', 'email_unverified', 'user_banned', 'rate_limited'],
  })
  @Post()
  @Public()
  @BotChecked('login')
  @HttpCode(200)
  async login(
    @Body() { email: typed, username, password, strategy, transport, deviceToken }: LoginRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply | FactorRequiredReply | EnrolmentRequiredReply> {
    const email = typed ?? (await this.names.addressOf(username!));
    return loginReply(
      await this.logins.login('password', { email, password }, { strategy, transport, deviceToken }, exchange),
    );
  }
}
