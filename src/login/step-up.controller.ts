import { Body, HttpCode, Post, Req, Res } from '@nestjs/common';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { AuditSink } from '../audit/audit-sink.js';
import { Describe, Field } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext } from '../kernel/auth-context.js';
import type { Transport } from '../sessions/ticket-delivery.js';
import { LoginReply, TRANSPORTS } from './login.reply.js';
import { Reauthentication } from './reauthentication.js';
import { SessionRenewal } from './session-renewal.js';

class StepUpRequest {
  @Field({ description: 'Of the user who is logged in.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  password!: string;

  @Field({
    description: 'As at login. Default: as the tickets of this request travel.',
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
    private readonly audit: AuditSink,
  ) {}

  @Describe({
    summary: 'Prove again who I am',
    description: 'The session gets a new id, new tickets and a new `authenticatedAt`; the old tickets end.',
    answers: { 200: { description: 'Proven.', type: LoginReply } },
    errors: ['invalid_credentials', 'forbidden', 'rate_limited'],
  })
  @Post()
  @HttpCode(200)
  async stepUp(
    @Body() { password, transport }: StepUpRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<LoginReply> {
    const { sessionEpoch } = await this.reauthentication.byPassword(auth, password, { request, reply });
    const order = { amr: ['pwd'], sessionEpoch, transport, reason: 'stepped_up' };
    const login = await this.renewal.renew(auth, order, request, reply);
    const { id: sessionId, amr } = login.session;
    await this.audit.record({
      type: 'login.stepped_up',
      userId: auth.user.id,
      sessionId,
      amr,
      origin: originOf(request),
    });
    return LoginReply.of(login);
  }
}
