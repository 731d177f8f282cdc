import { Body, HttpCode, Post, UseGuards } from '@nestjs/common';
import { Scopes, Strategies } from '../access/route-decorators.js';
import { isSwitchedOn } from '../config/core-options.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { AcceptedReply, RefusedReply } from './followers.replies.js';
import { LookUpRequest } from './followers.requests.js';
import { LookUps } from './look-ups.js';
import { VerifierGuard } from './verifier-key.js';
import type { LookUpVerdict } from './wire.js';

@AuthController('auth/followers/look-ups', 'Verification by other services', isSwitchedOn('api-key'))
@UseGuards(VerifierGuard)
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
  lookUpTicket(@Body() body: LookUpRequest): Promise<LookUpVerdict> {
    return this.lookUps.judge(body);
  }
}
