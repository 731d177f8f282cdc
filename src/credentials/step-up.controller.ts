import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { MaxDepth } from '../http/max-depth.decorator.js';
import type { AuthContext, Transport } from '../kernel/auth-context.js';
import { LoginReply, TRANSPORTS } from './login.replies.js';
import { StepUpService } from './step-up.service.js';

class StepUpRequest {
  @ApiProperty({
    description: 'Password of the current user. Optional if a factor is given.',
    format: 'password',
    required: false,
    example: 'an engine weaves algebra',
  })
  @ValidateIf(({ password, factor }) => password !== undefined || factor === undefined)
  @IsString()
  password?: string;

  @ApiProperty({ description: 'Factor to verify, e.g. `totp`.', required: false, example: 'totp' })
  @ValidateIf(({ factor, code, credential }) => [factor, code, credential].some((given) => given !== undefined))
  @Matches(/^[a-z_]{1,32}$/)
  factor?: string;

  @ApiProperty({ description: 'Code, for a factor with codes.', required: false, example: '492039' })
  @ValidateIf(
    ({ factor, code, credential }) => code !== undefined || (factor !== undefined && credential === undefined),
  )
  @IsString()
  @MaxLength(64)
  code?: string;

  @ApiProperty({ description: 'Credential, for a passkey.', type: Object, required: false })
  @MaxDepth(5)
  @ValidateIf(({ credential }) => credential !== undefined)
  @IsObject()
  credential?: Record<string, unknown>;

  @ApiProperty({
    description:
      'How the new tickets travel: as at login, or in a way that exposes less to scripts. Default: as the tickets of this session travel.',
    required: false,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

@AuthController('auth/step-up', 'Login')
export class StepUpController {
  constructor(private readonly stepUps: StepUpService) {}

  @Describe({
    summary: 'Prove my identity again',
    description:
      'Requires the password, another factor, or both. The session gets a new id, new tickets, and new values of `authenticatedAt` and `amr`; the old tickets end. With the password alone, factors that were proven before no longer count.',
    answers: { 200: { description: 'The step-up succeeded.', type: LoginReply } },
    errors: ['invalid_credentials', 'forbidden', 'rate_limited'],
  })
  @Post()
  @HttpCode(200)
  async stepUp(
    @Body() given: StepUpRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply> {
    return LoginReply.of(await this.stepUps.stepUp(given, auth, exchange));
  }
}
