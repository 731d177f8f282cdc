import { VerifyError } from './verify-error.js';
import type { VerifyRequest } from './verify-request.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a browser sends on behalf of another site with a cookie of ours: by what it says itself of the request (Fetch Metadata, else
 * `Origin`). A request with neither that changes something is refused too: it could be a form.
 *
 * @param trusted origins of pages that may, e.g. `https://app.example`
 * @throws VerifyError `csrf_rejected`
 */
export function assertSameSite({ method, headers }: VerifyRequest, trusted: ReadonlySet<string>): void {
  if (method !== undefined && SAFE.has(method)) return;
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && trusted.has(origin)) return;
  if (site === 'same-origin' || site === 'none') return;
  const isSamePlace =
    site === undefined && origin !== undefined && host !== undefined && hostOf(origin) === host.toLowerCase();
  if (!isSamePlace)
    throw new VerifyError('csrf_rejected', { reason: site === undefined ? 'foreign_origin' : 'other_site' });
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
