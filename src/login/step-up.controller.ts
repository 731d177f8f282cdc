import { Body, HttpCode, Post, Req, Res } from '@nestjs/common';
import { IsIn, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { HttpExchange, HttpReply, HttpRequest } from '../access/http-exchange.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe, Field } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { MaxDepth } from '../http/max-depth.decorator.js';
import type { AuthContext } from '../kernel/auth-context.js';
import type { Transport } from '../sessions/ticket-delivery.js';
import type { FactorProof } from './factor.js';
import { LoginReply, TRANSPORTS } from './login.reply.js';
import { Reauthentication } from './reauthentication.js';
import { SessionRenewal } from './session-renewal.js';

class StepUpRequest {
  @Field({
    description: 'Of the user who is logged in. May be absent beside a factor.',
    format: 'password',
    optional: true,
    example: 'an engine weaves algebra',
  })
  @ValidateIf(({ password, factor }) => password !== undefined || factor === undefined)
  @IsString()
  password?: string;

  @Field({ description: 'A factor to prove, e.g. `totp`.', optional: true, example: 'totp' })
  @ValidateIf(({ factor, code, credential }) => [factor, code, credential].some((given) => given !== undefined))
  @Matches(/^[a-z_]{1,32}$/)
  factor?: string;

  @Field({ description: 'Its code, if it has codes.', optional: true, example: '492039' })
  @ValidateIf(
    ({ factor, code, credential }) => code !== undefined || (factor !== undefined && credential === undefined),
  )
  @IsString()
  @MaxLength(64)
  code?: string;

  @Field({ description: 'Its credential, if it is a passkey.', type: 'object', optional: true })
  @MaxDepth(5)
  @ValidateIf(({ credential }) => credential !== undefined)
  @IsObject()
  credential?: Record<string, unknown>;

  @Field({
    description: 'As at login, or one that shows less. Default: as the tickets of this session travel.',
    optional: true,
    enum: TRANSPORTS,
  })
  @IsOptional()
  @IsIn(TRANSPORTS)
  transport?: Transport;
}

@AuthController('auth/step-up', 'Login')
export class StepUpController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly renewal: SessionRenewal,
  ) {}

  @Describe({
    summary: 'Prove again who I am',
    description:
      'By the password, by another factor, or by both. The session gets a new id, new tickets, a new `authenticatedAt` and a new `amr`; the old tickets end. The password alone takes back what other factors had proven before.',
    answers: { 200: { description: 'Proven.', type: LoginReply } },
    errors: ['invalid_credentials', 'forbidden', 'rate_limited'],
  })
  @Post()
  @HttpCode(200)
  async stepUp(
    @Body() given: StepUpRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<LoginReply> {
    const transport = await this.renewal.transportFor(auth, given.transport);
    const { user, amr: proven } = await this.prove(given, auth, { request, reply });
    const { sessionEpoch } = user;
    const order = { amr: proven, sessionEpoch, transport, reason: 'stepped_up' };
    return LoginReply.of(await this.renewal.renew(auth, { ...order, event: 'step_up.succeeded' }, request, reply));
  }

  private async prove(
    { password, factor, code, credential }: StepUpRequest,
    auth: AuthContext,
    exchange: HttpExchange,
  ): Promise<FactorProof> {
    const user = password === undefined ? null : await this.reauthentication.byPassword(auth, password, exchange);
    if (factor === undefined) return { user: user!, amr: ['pwd'] };
    const proof = await this.reauthentication.byFactor(auth, { factor, code, credential }, exchange);
    return { user: user ?? proof.user, amr: user ? ['pwd', ...proof.amr, 'mfa'] : proof.amr };
  }
}
