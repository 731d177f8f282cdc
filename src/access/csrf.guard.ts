import { Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { SAFE_METHODS } from '../edge/edge.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { type RecognisedAuth, ticketIdOf } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { accessOptions } from './access-options.js';
import { CsrfTokens } from './csrf-tokens.js';

/** The media types that a form can send without a preflight request, so any page on the web can. */
const FORM = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;

/**
 * Refuses unsafe requests that a browser sends on behalf of another site, by what the browser itself says of them
 * (Fetch Metadata, else `Origin`). A request with neither header comes from no browser of the last years: its cookie is not stolen,
 * unless it is a form, which must then prove by a token that it is ours.
 */
@Injectable()
export class CsrfGuard {
  private readonly ownOrigin: string;
  private readonly trusted: ReadonlySet<string>;

  constructor(
    options: Options,
    private readonly tokens: CsrfTokens,
  ) {
    this.ownOrigin = new URL(options.of(coreOptions).publicUrl).origin;
    this.trusted = new Set([this.ownOrigin, ...options.of(accessOptions).corsOrigins]);
  }

  /**
   * @param isUnsafe default: by the method; a WebSocket is opened by a GET and is not safe for it
   * @throws AuthError `csrf_rejected`
   */
  assertSameSite({ method, headers }: HttpRequest, isUnsafe = !SAFE_METHODS.has(method)): void {
    if (!isUnsafe) return;
    const site = headers['sec-fetch-site'];
    const { origin, host } = headers;
    if ((origin !== undefined && this.trusted.has(origin)) || site === 'same-origin' || site === 'none') return;
    // A same-site sibling is another origin: a foreign page on a subdomain must not act for the user either.
    if (site !== undefined) throw new AuthError('csrf_rejected', { reason: `sec_fetch_site_${knownSite(site)}` });
    if (origin === undefined || this.isSamePlace(origin, host)) return;
    throw new AuthError('csrf_rejected', { reason: 'foreign_origin' });
  }

  /**
   * Asks a form that came without those headers for the token of its session, or of the machine's credential.
   *
   * @throws AuthError `csrf_rejected`
   */
  assertFormToken({ method, headers, body }: HttpRequest, auth: RecognisedAuth): void {
    if (SAFE_METHODS.has(method) || !FORM.test(headers['content-type'] ?? '')) return;
    if (headers['sec-fetch-site'] !== undefined || headers.origin !== undefined) return;
    const { _csrf: field } = (body ?? {}) as { _csrf?: unknown };
    if (this.tokens.matches(ticketIdOf(auth), headers['x-csrf-token'] ?? field)) return;
    throw new AuthError('csrf_rejected', { reason: 'form_without_token' });
  }

  /** The page's own host is what it talks to: also when the service is reached by a name other than `PUBLIC_URL`. */
  private isSamePlace(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    // An attacker who controls the network can serve a plain page of the same name.
    const isDowngrade = this.ownOrigin.startsWith('https:') && page.protocol !== 'https:';
    return !isDowngrade && page.host === host?.toLowerCase();
  }
}

/** Whatever else a client wrote into the header is told nowhere: reasons are kept, counted and traced. */
function knownSite(site: unknown): string {
  return site === 'cross-site' || site === 'same-site' ? site : 'unknown';
}
