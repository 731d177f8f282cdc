import { Body, HttpCode, Post } from '@nestjs/common';
import { CurrentAuth, Scopes, Strategies } from '../access/route-decorators.js';
import { isSwitchedOn } from '../config/core-options.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { AcceptedReply, RefusedReply } from './followers.replies.js';
import { LookUpRequest } from './followers.requests.js';
import { LookUps } from './look-ups.js';
import { verifierOf } from './verifier.js';
import type { LookUpVerdict } from './wire.js';

@AuthController('auth/followers/look-ups', 'Verification by other services', isSwitchedOn('api-key'))
export class LookUpsController {
  constructor(private readonly lookUps: LookUps) {}

  @Describe({
    summary: 'Judge a ticket that was shown to another service',
    description:
      'Counts as a use of the ticket. Session cookies and refresh tokens are for this service alone. Needs an API key of a service user.',
    answers: { 200: { description: 'The verdict.', type: [AcceptedReply, RefusedReply] } },
    errors: ['conflict'],
    machinesOnly: ['apiKey', 'apiKeyBearer'],
  })
  @Post()
  @Strategies('api-key')
  @Scopes('verify')
  @RateLimited({ most: { session: ({ lookUpsPerKey }) => lookUpsPerKey }, windowSeconds: 60, counted: 'node' })
  @HttpCode(200)
  async lookUpTicket(@Body() body: LookUpRequest, @CurrentAuth() auth: AuthContext): Promise<LookUpVerdict> {
    verifierOf(auth);
    return this.lookUps.judge(body);
  }
}
