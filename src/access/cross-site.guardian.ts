import { Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import type { HttpRequest } from './http-exchange.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses unsafe requests that a browser sends on behalf of another site, by what the browser itself says of them
 * (Fetch Metadata, else `Origin`). A request with neither header comes from no browser and carries no stolen cookie.
 */
@Injectable()
export class CrossSiteGuardian {
  private readonly ownOrigin: string;

  constructor(options: Options) {
    this.ownOrigin = new URL(options.of(coreOptions).publicUrl).origin;
  }

  /** @throws AuthError `csrf_rejected` */
  check({ method, headers }: HttpRequest): void {
    if (SAFE_METHODS.has(method)) return;
    const site = headers['sec-fetch-site'];
    const { origin, host } = headers;
    if (origin === this.ownOrigin || site === 'same-origin' || site === 'none') return;
    // A same-site sibling is another origin: a foreign page on a subdomain must not act for the user either.
    if (site !== undefined)
      throw new AuthError('csrf_rejected', { reason: `sec_fetch_site_${String(site).slice(0, 20)}` });
    if (origin === undefined || this.isSamePlace(origin, host)) return;
    throw new AuthError('csrf_rejected', { reason: 'foreign_origin' });
  }

  /** The page's own host is what it talks to: also when the service is reached by a name other than `PUBLIC_URL`. */
  private isSamePlace(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    // Whoever controls the network can serve a plain page of the same name.
    const isDowngrade = this.ownOrigin.startsWith('https:') && page.protocol !== 'https:';
    return !isDowngrade && page.host === host?.toLowerCase();
  }
}
