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
import { IsEmailAddress } from '../users/is-email-address.js';
import { LoginService } from './login.service.js';
import {
  type EnrolmentRequiredReply,
  type FactorRequiredReply,
  LOGIN_REPLIES,
  loginReply,
} from './login-step.replies.js';

class LoginRequest {
  @ApiProperty({ description: 'The address registered with.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({ description: 'Exactly as registered.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  password!: string;

  @ApiProperty({
    description: 'What later requests carry. Default: the first that is switched on.',
    required: false,
    enum: ['session', 'jwt'],
  })
  @IsOptional()
  @IsString()
  strategy?: string;

  @ApiProperty({
    description:
      'For jwt: both tokens in the reply, both in cookies, or (default) only the refresh token in a cookie. The strategy session has cookies only.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;

  @ApiProperty({
    description: 'As answered by an earlier login with transport body: this one then comes from a known device.',
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
  constructor(private readonly logins: LoginService) {}

  @Describe({
    summary: 'Log in with a password',
    description:
      'Leaves a session behind and hands out its ticket: a cookie, or tokens. Where a second factor is due, a `loginToken` instead, for `POST /auth/login/factor`; where one must be enrolled first, a session good for that only.',
    answers: { 200: { description: 'Logged in, or what is due next.', type: LOGIN_REPLIES } },
    errors: ['invalid_credentials', 'email_unverified', 'user_banned', 'rate_limited'],
  })
  @Post()
  @Public()
  @HttpCode(200)
  async login(
    @Body() { email, password, strategy, transport, deviceToken }: LoginRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply | FactorRequiredReply | EnrolmentRequiredReply> {
    return loginReply(
      await this.logins.login('password', { email, password }, { strategy, transport, deviceToken }, exchange),
    );
  }
}
