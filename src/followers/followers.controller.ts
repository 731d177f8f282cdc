import { Body, Delete, HttpCode, Param, Post, Put, Req, Res, StreamableFile, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LiveConnections } from '../access/live-connections.js';
import type { LiveSocket } from '../access/live-socket.js';
import { originOf } from '../access/request-origin.js';
import { CurrentAuth, Scopes, Strategies } from '../access/route-decorators.js';
import { isSwitchedOn } from '../config/core-options.js';
import type { HttpReply, HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { FollowerLeases } from './follower-leases.js';
import { FollowerLog } from './follower-log.js';
import { FollowerReply } from './followers.replies.js';
import { FollowerParams, OpenStreamRequest, RenewRequest } from './followers.requests.js';
import { VerifierGuard, verifierKeyOf } from './verifier-key.js';

/** Streams that one key opens in a minute, on each node, and leases that it ends: each asks the store. */
const OPENINGS = 1_000;

/** Streams and leases of other services that verify tickets: `docs/reference/verify-protocol.md`. */
@AuthController('auth/followers', 'Verification by other services', isSwitchedOn('api-key'))
@UseGuards(VerifierGuard)
export class FollowersController {
  constructor(
    private readonly leases: FollowerLeases,
    private readonly log: FollowerLog,
    private readonly connections: LiveConnections,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Describe({
    summary: 'Follow revocations',
    description:
      'For a service that verifies tickets itself. The reply does not end: one JSON object a line (`application/x-ndjson`). Needs an API key of a service user.',
    answers: { 200: { description: 'The stream. Its first line is the lease.' } },
    machinesOnly: ['apiKey', 'apiKeyBearer'],
  })
  @Post()
  @Strategies('api-key')
  @Scopes('verify')
  @RateLimited({ most: { session: OPENINGS }, windowSeconds: 60, counted: 'node' })
  @HttpCode(200)
  async followRevocations(
    @Body() { mode = 'acknowledged', name }: OpenStreamRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    const verifier = verifierKeyOf(auth);
    const stream = await this.leases.open(mode, verifier.credential.id);
    const raw = ((reply as { readonly raw?: LiveSocket }).raw ?? reply) as LiveSocket;
    // Express leaves the source open when the client goes.
    raw.once('close', () => stream.body.destroy());
    if (raw.destroyed) stream.body.destroy();
    this.connections.track(stream, auth);
    await this.log.joined(stream, verifier, name, originOf(request));
    const { httpAdapter } = this.adapterHost;
    // Else a connection would be idle for a minute after its stream, and a node that stops would wait for it. HTTP/2 has no such header.
    if (((request.raw ?? request) as { httpVersionMajor?: number }).httpVersionMajor === 1)
      httpAdapter.setHeader(reply, 'Connection', 'close');
    httpAdapter.setHeader(reply, 'Cache-Control', 'no-store');
    // nginx would collect what is to be there at once.
    httpAdapter.setHeader(reply, 'X-Accel-Buffering', 'no');
    httpAdapter.setHeader(reply, 'X-Content-Type-Options', 'nosniff');
    return new StreamableFile(stream.body, { type: 'application/x-ndjson' });
  }

  @Describe({
    summary: 'Renew a lease, or acknowledge revocations',
    description:
      'A lease that has expired is never revived: the follower forgets everything and opens another stream. The same holds when it is refused because it lags.',
    answers: { 200: { description: 'Noted.', type: FollowerReply } },
    errors: ['not_found'],
    machinesOnly: ['apiKey', 'apiKeyBearer'],
  })
  @Put(':id')
  @Strategies('api-key')
  @Scopes('verify')
  renewLease(
    @Param() { id }: FollowerParams,
    @Body() body: RenewRequest,
    @CurrentAuth() auth: AuthContext,
  ): Promise<FollowerReply> {
    return this.leases.renew(id, body, verifierKeyOf(auth).credential.id);
  }

  @Describe({
    summary: 'End a lease',
    description: 'For a follower that has forgotten everything it knew: no revocation waits for it any more.',
    answers: { 204: { description: 'The lease is over.' } },
    errors: ['not_found'],
    machinesOnly: ['apiKey', 'apiKeyBearer'],
  })
  @Delete(':id')
  @Strategies('api-key')
  @Scopes('verify')
  @RateLimited({ most: { session: OPENINGS }, windowSeconds: 60, counted: 'node' })
  @HttpCode(204)
  async endLease(@Param() { id }: FollowerParams, @CurrentAuth() auth: AuthContext): Promise<void> {
    await this.leases.end(id, verifierKeyOf(auth).credential.id);
  }
}
