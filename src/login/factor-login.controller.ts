import { Body, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { Public } from '../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { type LoginReply } from '../credentials/login.replies.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { GenericCredentialErrorInterceptor } from '../http/generic-credential-error.interceptor.js';
import { MaxDepth } from '../http/max-depth.decorator.js';
import { LoginService } from './login.service.js';
import {
  type EnrolmentRequiredReply,
  type FactorRequiredReply,
  LOGIN_REPLIES,
  loginReply,
} from './login-step.replies.js';

class FactorLoginRequest {
  @ApiProperty({ description: 'Token from the previous step.', example: 'kJ0...' })
  @IsString()
  @MaxLength(4096)
  loginToken!: string;

  @ApiProperty({
    description: 'One of the required factors, e.g. `totp`, `recovery_code`, `passkey`.',
    example: 'totp',
  })
  @Matches(/^[a-z_]{1,32}$/)
  factor!: string;

  @ApiProperty({ description: 'Code, for a factor with codes.', required: false, example: '492039' })
  @ValidateIf(({ code, credential }) => code !== undefined || credential === undefined)
  @IsString()
  @MaxLength(64)
  code?: string;

  @ApiProperty({ description: 'Credential, for a passkey.', type: Object, required: false })
  @MaxDepth(5)
  @ValidateIf(({ credential }) => credential !== undefined)
  @IsObject()
  credential?: Record<string, unknown>;

  @ApiProperty({
    description: 'Do not require a second factor in this browser again, if the policy allows it.',
    required: false,
  })
  @IsOptional()
  @IsBoolean()
  rememberDevice?: boolean;
}

@AuthController('auth/login/factor', 'Login')
@UseInterceptors(GenericCredentialErrorInterceptor)
export class FactorLoginController {
  constructor(private readonly logins: LoginService) {}

  @Describe({
    summary: 'Continue a login with a second factor',
    description:
      'Requires the `loginToken` from the previous step, in the same browser and before it expires. After a wrong code, the token stays valid for a few more attempts.',
    answers: { 200: { description: 'The result of the login, or the step that is due next.', type: LOGIN_REPLIES } },
    errors: ['invalid_credentials', 'email_unverified', 'user_banned', 'rate_limited'],
  })
  @Post()
  @Public()
  @HttpCode(200)
  async proveFactor(
    @Body() proof: FactorLoginRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply | FactorRequiredReply | EnrolmentRequiredReply> {
    return loginReply(await this.logins.proceed(proof, exchange));
  }
}
