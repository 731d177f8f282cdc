import { applyDecorators, Controller, Param, Post, Req, Res, SetMetadata, UseFilters, UsePipes } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Public } from '../../../access/public.decorator.js';
import { OpenToOtherSites } from '../../../access/route-decorators.js';
import type { HttpReply, HttpRequest } from '../../../edge/http-exchange.js';
import { Describe, SWAGGER_KEYS } from '../../../http/api-docs.js';
import { AUTH_ROUTES } from '../../../http/coatcheck-route.js';
import { MountedRoutes } from '../../../http/mounted-routes.js';
import { ProblemDetailsFilter } from '../../../http/problem-details.filter.js';
import { StrictValidationPipe } from '../../../http/validation.pipe.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { onlyName } from '../upstreams/posted-name.js';
import { SlugParams } from './federated-login.requests.js';

/** Of ours, for forms of other sites. */
function FormController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    UsePipes(StrictValidationPipe),
    UseFilters(ProblemDetailsFilter),
    (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, [tag], target),
  );
}

/** Parameters that an answer may carry, besides the name that Apple adds: those of OAuth 2 and OpenID Connect. */
const PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state', 'id_token'];
/** No provider needs more, and it becomes an address. */
const MOST_CHARACTERS = 6000;

/**
 * Answers that a provider has the browser post (`response_mode=form_post`): a form of another site brings no cookie, so it is sent on to the
 * same as a GET, which does (RFC 9110 §15.4.4). Changes nothing.
 */
@FormController('auth/federated', 'Login')
export class FormCallbackController {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly routes: MountedRoutes,
  ) {}

  @Describe({
    summary: 'Take the answer of an outside provider that posts it',
    description: 'Leads to the same as `GET`. Takes a form, as browsers send it (`response_mode=form_post`).',
    answers: { 303: { description: 'To the same as `GET`.' } },
    errors: ['validation_failed', 'rate_limited'],
  })
  @Post(':slug/callback')
  @Public()
  @OpenToOtherSites()
  @RateLimited({ most: { ip: ({ loginAttempts }) => 100 * loginAttempts }, counted: 'node' })
  passFederatedAnswer(
    @Param() { slug }: SlugParams,
    @Req() { body }: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): string {
    const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const query = new URLSearchParams();
    for (const name of PARAMETERS) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof value === 'string' && value !== '') query.set(name, value);
    }
    const name = typeof given.user === 'string' ? onlyName(given.user) : null;
    if (query.size > 0 && name !== null) query.set('user', name);
    if (query.size === 0 || query.toString().length > MOST_CHARACTERS) throw noAnswer();
    const { httpAdapter } = this.adapterHost;
    httpAdapter.setHeader(reply, 'Location', `${this.routes.addressOf(`/auth/federated/${slug}/callback`)}?${query}`);
    httpAdapter.setHeader(reply, 'Cache-Control', 'no-store');
    httpAdapter.setHeader(reply, 'Referrer-Policy', 'no-referrer');
    httpAdapter.status(reply, 303);
    return '';
  }
}

function noAnswer(): AuthError {
  const message = 'the body must be a form with the parameters of an authorization response';
  const errors = [{ field: '', rule: 'isAnswer', message }];
  return new AuthError('validation_failed', { reason: 'no_authorization_response', errors });
}
