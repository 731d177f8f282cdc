import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth, CurrentUser } from '../../../access/route-decorators.js';
import { StepUp } from '../../../access/step-up.js';
import { replyWithTickets, TicketsReply } from '../../../credentials/login.replies.js';
import { Describe } from '../../../http/api-docs.js';
import { AuthController } from '../../../http/auth-controller.js';
import { pageOf } from '../../../http/page-of.js';
import { PageQuery } from '../../../http/page-query.js';
import type { AuthContext, AuthUser } from '../../../kernel/auth-context.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { Connections } from '../connections/connections.js';
import { LoginRoutes } from '../flow/login-routes.js';
import { noSuchConnection } from '../flow/no-such-connection.js';
import { ReturnTargets } from '../flow/return-target.js';
import { FederatedIdentities } from './federated-identities.js';
import { AuthorizationReply, IdentitiesReply, IdentityReply } from './identities.replies.js';
import { IdentityParams, LinkRequest, UnlinkRequest } from './identities.requests.js';
import { OwnLinks } from './own-links.js';

@AuthController('auth/identities', 'Linked logins')
export class IdentitiesController {
  constructor(
    private readonly links: OwnLinks,
    private readonly identities: FederatedIdentities,
    private readonly connections: Connections,
    private readonly routes: LoginRoutes,
    private readonly targets: ReturnTargets,
  ) {}

  @Describe({
    summary: 'List my linked logins',
    answers: { 200: { description: 'Linked logins, the oldest first.', type: IdentitiesReply } },
    errors: ['validation_failed'],
  })
  @Get()
  async listIdentities(@CurrentUser() { id }: AuthUser, @Query() query: PageQuery): Promise<IdentitiesReply> {
    const linked = await this.identities.listOf(id);
    const { lines, nextCursor } = pageOf(linked, query, ({ linkedAt }) => linkedAt, 'oldest');
    const identities = lines.map(async (one) => IdentityReply.of(one, await this.connections.find(one.connectionId)));
    return { identities: await Promise.all(identities), nextCursor };
  }

  @Describe({
    summary: 'Start to link a login with an outside provider',
    description:
      'Requires a fresh login or step-up. The user must log in at the provider anew; the provider sends the browser back to `GET /auth/federated/{slug}/callback`, which links it and sends the browser to `returnTo`. All other sessions end then, and the user is notified. A login that is linked to another user is refused.',
    answers: { 200: { description: 'Where to send the browser.', type: AuthorizationReply } },
    errors: ['validation_failed', 'step_up_required', 'forbidden', 'unavailable'],
  })
  @Post()
  @StepUp()
  @RateLimited({ most: { user: ({ loginAttempts }) => 10 * loginAttempts }, counted: 'node' })
  @HttpCode(200)
  async linkIdentity(
    @Body() { connection: slug, returnTo }: LinkRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<AuthorizationReply> {
    const target = this.targets.read(returnTo);
    const connection = await this.routes.named(slug);
    if (!connection) throw noSuchConnection();
    const url = await this.links.begin({ connection, returnTo: target, isByPage: false }, auth, exchange);
    return { authorizationUrl: url.href };
  }

  @Describe({
    summary: 'Remove one of my linked logins',
    description:
      'Requires a fresh login or step-up. All other sessions end. The current session gets a new id and new tickets, as cookies unless `transport` is given; a session with transport `body` ends unless the request repeats it, and one that rests on a login by what is removed ends in any case. The last way to log in cannot be removed.',
    answers: {
      200: { description: 'Removed. The response contains the new tokens.', type: TicketsReply },
      204: { description: 'Removed. New tickets, if any, are set as cookies.' },
    },
    errors: ['step_up_required', 'not_found', 'conflict', 'forbidden'],
  })
  // No @HttpCode: it would overrule what the handler says.
  @Delete(':id')
  @StepUp()
  async unlinkIdentity(
    @Param() { id }: IdentityParams,
    @Body() body: UnlinkRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<TicketsReply | undefined> {
    const { transport } = body ?? {};
    const tickets = await this.links.remove(id.toLowerCase(), auth, transport, exchange);
    return replyWithTickets(tickets, transport, exchange);
  }
}
