import type { IncomingMessage } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { hostCookieName } from '../../access/cookies.js';
import { coreOptions, isSecureOrigin } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { toAuthError } from '../../http/problem-details.filter.js';
import type { AuthError } from '../../kernel/auth-error.js';
import { POLL_SECONDS } from '../artifacts/device-codes.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { CookieJar, type Cookies } from './cookie-jar.js';
import { OAuthIncidents } from './oauth-incidents.js';
import { routeOf } from './oauth-routes.js';
import { stateOf } from './request-state.js';
import { TokenOutcomes } from './token-outcomes.js';

/** Wraps every request inside the library. */
@Injectable()
export class ProviderMiddleware {
  private readonly logger = new Logger('oauth');
  private readonly origin: URL;
  private readonly isSecure: boolean;

  constructor(
    private readonly outcomes: TokenOutcomes,
    private readonly artifacts: OAuthArtifacts,
    private readonly incidents: OAuthIncidents,
    private readonly clients: OAuthClients,
    options: Options,
  ) {
    const core = options.of(coreOptions);
    this.origin = new URL(core.publicUrl);
    this.isSecure = isSecureOrigin(core);
  }

  lay(provider: Provider): void {
    this.fixOrigin(provider);
    this.wrapCookies(provider);
    provider.use((ctx, next) => this.around(ctx as KoaContextWithOIDC, next));
    this.outcomes.follow(provider);
    provider.on('grant.success', ({ oidc: { client } }) => client && this.clients.used(client.clientId));
  }

  /** No Host and no X-Forwarded header has a say in what the library writes about itself. */
  private fixOrigin({ request }: Provider): void {
    const { host, hostname, origin } = this.origin;
    const protocol = this.origin.protocol.slice(0, -1);
    const fixed = { host, hostname, protocol, origin, secure: protocol === 'https' };
    for (const [name, value] of Object.entries(fixed)) Object.defineProperty(request, name, { get: () => value });
    Object.defineProperty(request, 'ip', {
      get(this: { req: IncomingMessage }) {
        return stateOf(this.req).caller.ip ?? '';
      },
    });
  }

  private wrapCookies({ context }: Provider): void {
    const jars = new WeakMap<object, CookieJar>();
    const inherited = inheritedGetter(context, 'cookies');
    const settings = { isSecure: this.isSecure, sessionCookie: hostCookieName('session', this.isSecure) };
    Object.defineProperty(context, 'cookies', {
      configurable: true,
      get(this: KoaContextWithOIDC) {
        const known = jars.get(this);
        if (known) return known;
        const jar = new CookieJar(inherited.call(this) as Cookies, this.req, settings);
        jars.set(this, jar);
        return jar;
      },
    });
  }

  private async around(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
    try {
      await next();
      await this.artifacts.putAllOnce(stateOf(ctx.req).unwritten);
    } catch (error) {
      this.fail(ctx, toAuthError(error));
    }
    this.complete(ctx);
  }

  private fail(ctx: KoaContextWithOIDC, { code, message, stack, cause, retryAfterSeconds = 1 }: AuthError): void {
    const said = `${message} [${stateOf(ctx.req).requestId}]`;
    if (code === 'unavailable') {
      this.logger.warn(said);
      ctx.status = 503;
      ctx.set('Retry-After', String(retryAfterSeconds));
      ctx.body = {
        error: 'temporarily_unavailable',
        error_description: 'try again after the time given in Retry-After',
      };
      return;
    }
    this.logger.error(said, cause instanceof Error ? cause.stack : stack);
    ctx.status = 500;
    ctx.body = { error: 'server_error', error_description: 'an unexpected error occurred' };
  }

  /** Adds what the specifications require beyond the library's answer. */
  private complete(ctx: KoaContextWithOIDC): void {
    const body = ctx.body as Record<string, unknown> | null | undefined;
    const scheme = routeOf(stateOf(ctx.req).path)?.authenticates;
    if (ctx.status === 401 && scheme && !ctx.response.get('WWW-Authenticate'))
      ctx.set('WWW-Authenticate', `${scheme} realm="${this.origin.origin}"`);
    if (ctx.status === 401 && body?.error === 'invalid_client')
      void this.incidents.clientAuthenticationFailed(ctx.oidc.client?.clientId ?? null, stateOf(ctx.req).caller);
    if (ctx.status === 200 && ctx.routerName === 'discovery') ctx.set('Cache-Control', 'public, max-age=300');
    // RFC 8628 §3.2
    if (ctx.status === 200 && typeof body?.device_code === 'string') body.interval = POLL_SECONDS;
    if (ctx.status === 503 && !ctx.response.get('Retry-After')) ctx.set('Retry-After', '1');
    this.letFormsPass(ctx);
  }

  /** Chromium applies `form-action` to where a form leads in the end. */
  private letFormsPass(ctx: KoaContextWithOIDC): void {
    const { params, redirectUriCheckPerformed } = (ctx.oidc ?? {}) as {
      params?: Record<string, unknown>;
      redirectUriCheckPerformed?: boolean;
    };
    if (params?.response_mode !== 'form_post' || !redirectUriCheckPerformed || ctx.response.is('html') === false)
      return;
    const policy = ctx.response.get('Content-Security-Policy');
    const { origin } = new URL(String(params.redirect_uri));
    if (origin !== 'null')
      ctx.set('Content-Security-Policy', policy.replace("form-action 'self'", `form-action 'self' ${origin}`));
  }
}

function inheritedGetter(object: object, name: string): () => unknown {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at)) {
    const getter = Object.getOwnPropertyDescriptor(at, name)?.get;
    if (getter) return getter;
  }
  throw new TypeError(`Koa's context has no ${name} any more`);
}
