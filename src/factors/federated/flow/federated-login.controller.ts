import { Body, HttpCode, Post } from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { Describe } from '../../../http/api-docs.js';
import { AuthController } from '../../../http/auth-controller.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { LoginService } from '../../../login/login.service.js';
import type { LoginParams } from '../../../login/login-progress.js';
import { FederatedFlows } from './federated-flows.js';
import { FederatedLoginReply, FederatedLoginRequest } from './federated-login.requests.js';
import { LoginRoutes } from './login-routes.js';
import { noSuchConnection } from './no-such-connection.js';
import { ReturnTargets } from './return-target.js';

@AuthController('auth/login/federated', 'Login')
export class FederatedLoginController {
  constructor(
    private readonly routes: LoginRoutes,
    private readonly flows: FederatedFlows,
    private readonly targets: ReturnTargets,
    private readonly logins: LoginService,
  ) {}

  @Describe({
    summary: 'Start a login with an outside provider',
    description:
      'Returns where to send the browser, and sets a cookie: the login ends in this browser only, within ten minutes. With `email`, the connection that has verified its domain is chosen. The provider sends the browser back to `GET /auth/federated/{slug}/callback`.',
    answers: { 200: { description: 'Where to send the browser.', type: FederatedLoginReply } },
    errors: ['validation_failed', 'unavailable'],
  })
  @Post()
  @Public()
  @RateLimited({ most: { ip: ({ loginAttempts }) => 100 * loginAttempts }, counted: 'node' })
  @HttpCode(200)
  async startFederatedLogin(
    @Body() { connection: slug, email, returnTo, strategy, transport }: FederatedLoginRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<FederatedLoginReply> {
    const target = this.targets.read(returnTo);
    this.assertPossible({ strategy, transport });
    const connection = slug === undefined ? await this.routes.ofAddress(email!) : await this.routes.named(slug);
    if (!connection) {
      if (slug !== undefined) throw noSuchConnection();
      return { authorizationUrl: null };
    }
    const how = { purpose: 'login', returnTo: target, isByPage: false, strategy, transport, loginHint: email } as const;
    return { authorizationUrl: (await this.flows.begin({ ...how, connection }, exchange)).href };
  }

  /** Tokens of a body cannot travel by a redirect, and belong into no address. */
  private assertPossible(params: LoginParams): void {
    if (this.logins.transportFor(params) !== 'body') return;
    const message = 'transport must be cookie or split: a redirect has no body';
    const errors = [{ field: 'transport', rule: 'isIn', message }];
    throw new AuthError('validation_failed', { reason: 'no_body_in_a_redirect', errors });
  }
}
