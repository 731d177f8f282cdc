import { Body, HttpCode, Post } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth, OpenToEnrolment } from '../../../access/route-decorators.js';
import { Describe } from '../../../http/api-docs.js';
import { AuthController } from '../../../http/auth-controller.js';
import { type AuthContext, requireSession } from '../../../kernel/auth-context.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { AuthorizationReply } from '../identities/identities.replies.js';
import { LinkRequest } from '../identities/identities.requests.js';
import { canConfirm } from './can-confirm.js';
import { FederatedFlows } from './federated-flows.js';
import { LoginRoutes } from './login-routes.js';
import { confirmsNoUser, noSuchConnection } from './no-such-connection.js';
import { ReturnTargets } from './return-target.js';

/** A fresh proof for users who have no password: a new login at the provider, by a login that is linked already. */
@AuthController('auth/step-up/federated', 'Login')
export class FederatedStepUpController {
  constructor(
    private readonly flows: FederatedFlows,
    private readonly routes: LoginRoutes,
    private readonly targets: ReturnTargets,
  ) {}

  @Describe({
    summary: 'Start a step-up with an outside provider',
    description:
      'The user must log in anew at the provider, with a login that is linked to them already, and the provider must say when that was (`auth_time`), unless the connection says `trustsNewLogin`. The callback then starts a new session, in cookies, as a login does; a second factor is asked for as at a login.',
    answers: { 200: { description: 'Where to send the browser.', type: AuthorizationReply } },
    errors: ['validation_failed', 'forbidden', 'unavailable'],
  })
  @Post()
  @OpenToEnrolment()
  @RateLimited({ most: { user: ({ loginAttempts }) => 10 * loginAttempts }, counted: 'node' })
  @HttpCode(200)
  async startFederatedStepUp(
    @Body() { connection: slug, returnTo }: LinkRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<AuthorizationReply> {
    const { id: sessionId } = requireSession(auth);
    const target = this.targets.read(returnTo);
    const connection = await this.routes.named(slug);
    if (!connection) throw noSuchConnection();
    if (!canConfirm(connection)) throw confirmsNoUser();
    const owner = { userId: auth.user.id, sessionId, roles: auth.user.roles };
    const how = { purpose: 'step_up', returnTo: target, isByPage: false, strategy: auth.strategy, owner } as const;
    return { authorizationUrl: (await this.flows.begin({ ...how, connection }, exchange)).href };
  }
}
