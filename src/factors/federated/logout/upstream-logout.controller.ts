import {
  applyDecorators,
  Controller,
  HttpCode,
  Param,
  Post,
  Req,
  SetMetadata,
  UseFilters,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { OpenToOtherSites } from '../../../access/route-decorators.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { Describe, SWAGGER_KEYS } from '../../../http/api-docs.js';
import { AUTH_ROUTES } from '../../../http/coatcheck-route.js';
import { DeadlineInterceptor } from '../../../http/deadline.interceptor.js';
import { NoStoreInterceptor } from '../../../http/no-store.interceptor.js';
import { ReplyInterceptor } from '../../../http/reply.interceptor.js';
import { StrictValidationPipe } from '../../../http/validation.pipe.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { SlugParams } from '../flow/federated-login.requests.js';
import { AnsweredAsOAuth, LogoutRefusals } from './logout-refusals.js';
import { UpstreamLogouts } from './upstream-logouts.js';

/** Signed, with two names and an id: none is longer. */
const MOST_CHARACTERS = 16_384;

/** Of ours, for forms that providers send, and with refusals that they read. */
function ProviderController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    UseInterceptors(ReplyInterceptor, DeadlineInterceptor, NoStoreInterceptor),
    UsePipes(StrictValidationPipe),
    UseFilters(LogoutRefusals),
    (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, [tag], target),
  );
}

/**
 * Receives logouts that providers announce of their own accord. Security event tokens (RFC 8417: RISC, CAEP, Apple's notifications) are to come at
 * `…/:slug/events`, beside this.
 */
@ProviderController('auth/federated', 'Login')
export class UpstreamLogoutController {
  constructor(private readonly logouts: UpstreamLogouts) {}

  @AnsweredAsOAuth()
  @Describe({
    summary: 'Take the logout of an outside provider',
    description:
      'OpenID Connect Back-Channel Logout 1.0: a form with a `logout_token`. Ends the sessions that rest on the session it names there, or on all logins of its subject, on every node before it is answered. A token works once.',
    answers: { 200: { description: 'Logged out, or nothing was logged in.' } },
    errors: ['invalid_token', 'not_found', 'validation_failed'],
  })
  @Post(':slug/logout')
  @Public()
  @OpenToOtherSites()
  @HttpCode(200)
  @RateLimited({ most: { ip: ({ loginAttempts }) => 100 * loginAttempts }, counted: 'node', failuresOnly: true })
  async logOutByProvider(
    @Param() { slug }: SlugParams,
    @Req() { body }: HttpRequest,
    @CurrentExchange() { caller }: Exchange,
  ): Promise<void> {
    const given = typeof body === 'object' && body !== null && Object.hasOwn(body, 'logout_token') ? body : {};
    const { logout_token: token } = given as { logout_token?: unknown };
    if (typeof token !== 'string' || token === '' || token.length > MOST_CHARACTERS) throw noToken();
    await this.logouts.take(slug, token, caller);
  }
}

function noToken(): AuthError {
  const errors = [{ field: 'logout_token', rule: 'isToken', message: 'logout_token must be a token, in a form' }];
  return new AuthError('validation_failed', { reason: 'no_logout_token', errors });
}
