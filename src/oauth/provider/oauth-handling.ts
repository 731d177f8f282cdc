import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { Callers } from '../../access/caller.js';
import { Options } from '../../config/options.js';
import { toAuthError } from '../../http/problem-details.filter.js';
import { RateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { oauthOptions } from '../oauth-options.js';
import { TokenHandles } from '../tokens/token-handles.js';
import { BrowserSessions } from './browser-sessions.js';
import { ClientProofs } from './client-proofs.js';
import { LibraryKeys } from './library-keys.js';
import { OAuthLimits } from './oauth-limits.js';
import { OAuthProvider } from './oauth-provider.js';
import { OAuthReplies } from './oauth-replies.js';
import { type MountedRequest, type OAuthRoute, routeOf } from './oauth-routes.js';
import { withOfflineParam } from './offline-requests.js';
import { PlainClientTokens } from './plain-client-tokens.js';
import { PlainIntrospection } from './plain-introspection.js';
import { asHttpRequest } from './raw-request.js';
import { RegistrationRequests } from './registration-requests.js';
import { RequestBodies } from './request-bodies.js';
import { putBodyBack, queryIn, type ReadRequest } from './request-body.js';
import { clientIdOf } from './request-client.js';
import { markRequest } from './request-state.js';

/** A request that may be served. */
interface AdmittedRequest extends MountedRequest {
  readonly route: OAuthRoute;
  readonly body: Buffer;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Handles a request before the library gets it, in this order; and answers it where the library would answer wrongly. */
@Injectable()
export class OAuthHandling {
  /** How many requests were served, and how many of these by the library. */
  readonly tally = { served: 0, byLibrary: 0 };
  private readonly handlers = new WeakMap<Provider, Handler>();
  private readonly isRegistrationOn: boolean;
  private readonly plain: Readonly<
    Record<NonNullable<OAuthRoute['isOftenPlain']>, PlainIntrospection | PlainClientTokens>
  >;

  constructor(
    private readonly provider: OAuthProvider,
    private readonly keys: LibraryKeys,
    private readonly bodies: RequestBodies,
    private readonly sessions: BrowserSessions,
    private readonly callers: Callers,
    private readonly proofs: ClientProofs,
    private readonly handles: TokenHandles,
    private readonly limits: OAuthLimits,
    private readonly limitHeaders: RateLimitHeaders,
    private readonly replies: OAuthReplies,
    private readonly registrations: RegistrationRequests,
    introspection: PlainIntrospection,
    token: PlainClientTokens,
    options: Options,
  ) {
    this.plain = { introspection, token };
    this.isRegistrationOn = options.of(oauthOptions).oauthRegistration !== 'off';
  }

  async answer(request: IncomingMessage, response: ServerResponse, mounted: MountedRequest): Promise<void> {
    const route = this.admitted(request, response, mounted);
    if (route === null) return;
    const body = await this.bodies.read(request, response, mounted, route);
    if (body === null) return;
    if (route.isOfRegistration && request.method === 'OPTIONS') return this.registrations.allow(response);
    const sender = asHttpRequest(request);
    const counted = await this.limits.count(route.limit, this.callers.of(sender), clientIdOf(request, body));
    if (counted.full) {
      this.replies.tooMany(response, this.limitHeaders.secondsUntil(counted.full.resetsAt));
      return;
    }
    // The library would keep secrets and registration tokens in clear.
    if (route.isOfRegistration)
      return this.registrations.answer(request, response, { ...mounted, body, caller: this.callers.read(sender) });
    try {
      await this.serve(request, response, { ...mounted, route, body });
    } catch (error) {
      if (toAuthError(error).status === 401) this.limits.hasFailed(counted);
      throw error;
    }
    if (response.statusCode === 401) this.limits.hasFailed(counted);
  }

  /** By the library. */
  private async serve(
    request: IncomingMessage,
    response: ServerResponse,
    { route, body, ...mounted }: AdmittedRequest,
  ): Promise<void> {
    this.tally.served += 1;
    await this.keys.certain();
    const session = route.hasSession ? await this.sessions.of(request) : null;
    const certificate = route.authenticates ? await this.proofs.shown(request) : null;
    if (route.isOftenPlain && (await this.plain[route.isOftenPlain].answer(request, response, body))) return;
    this.tally.byLibrary += 1;
    const read = putBodyBack(request, body, route.authenticates !== undefined);
    const caller = this.callers.read(asHttpRequest(request));
    markRequest(request, { session, caller, certificate, noted: new Map(), unwritten: [], ...mounted });
    if (route.isAuthorization) markOffline(request, read, body);
    const named = route.isAboutToken ? await this.handles.take(request, body, route.isAboutToken) : null;
    if (named !== null) read.replaceBody(Buffer.from(named));
    await this.handlerOf(await this.provider.current())(request, response);
  }

  /** The route; null: answered here. */
  private admitted(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    mounted: MountedRequest,
  ): OAuthRoute | null {
    const route = routeOf(mounted.path);
    if (route === undefined || (route.isOfRegistration && !this.isRegistrationOn)) {
      this.replies.problem(response, 'not_found', mounted.requestId);
      return null;
    }
    const methods = route.hasCors ? [...route.methods, 'OPTIONS'] : route.methods;
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    if (methods.includes(method ?? '') && (method !== 'OPTIONS' || isPreflight)) return route;
    response.setHeader('Allow', methods.join(', '));
    if (method === 'OPTIONS' && route.hasCors) {
      // RFC 9110 §9.3.7; the library knows only preflights.
      response.writeHead(204).end();
      return null;
    }
    this.replies.problem(response, 'method_not_allowed', mounted.requestId);
    return null;
  }

  private handlerOf(provider: Provider): Handler {
    const known = this.handlers.get(provider);
    if (known) return known;
    const handler = provider.callback() as Handler;
    this.handlers.set(provider, handler);
    return handler;
  }
}

/** Of a query or of a form: an authorization request comes as either. */
function markOffline({ url }: IncomingMessage, { replaceBody, replaceQuery }: ReadRequest, body: Buffer): void {
  const query = queryIn(url);
  if (query) replaceQuery(withOfflineParam(query));
  if (body.length > 0) replaceBody(Buffer.from(withOfflineParam(body.toString())));
}
