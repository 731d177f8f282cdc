import type { Connection } from '../connections/connection.js';
import { addressIn, shownText, subjectOf } from '../upstreams/claims.js';
import type { PlainIdentity } from '../upstreams/oauth2-upstream.js';
import type { UpstreamParts } from '../upstreams/upstream-client.js';
import { isObject } from '../upstreams/upstream-fetch.js';
import { OddAnswer } from '../upstreams/upstream-refusals.js';

/** Where it is: at GitHub, at GitHub Enterprise Cloud with a domain of its own, at a GitHub Enterprise Server. */
export function apiOf(site: string): string {
  const { host, protocol } = new URL(site);
  return /(^|\.)(github|ghe)\.com$/.test(host) ? `${protocol}//api.${host}` : `${site}/api/v3`;
}

/** Of the user whose access token it is. @throws OddAnswer, ProviderUnreachable */
export async function identityOf(api: string, accessToken: string, { fetch }: UpstreamParts): Promise<PlainIdentity> {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/vnd.github+json' };
  const claims = await fetch.json(`${api}/user`, headers);
  // As a number only: a login is a text, and may be one of digits.
  const subject = typeof claims.id === 'number' ? subjectOf(claims.id) : null;
  if (subject === null) throw new OddAnswer('subject');
  const response = await fetch.fetch(`${api}/user/emails`, { headers });
  // An app that may not see addresses is told so.
  const list: unknown = response.status === 200 ? await response.json() : [];
  const primary = Array.isArray(list) ? list.find((one) => isObject(one) && one.primary === true) : undefined;
  const email = addressIn(primary?.email);
  const name = shownText(claims.name) ?? shownText(claims.login);
  return { subject, email, emailVerified: email !== null && primary.verified === true, name, claims };
}

export interface Asking {
  readonly connection: Connection;
  readonly secret: string | null;
  readonly parts: UpstreamParts;
}

/** Whether a token still stands, asked with the application's own secret. @throws OddAnswer, ProviderUnreachable */
export async function checkToken(
  api: string,
  accessToken: string,
  { connection: { clientId }, secret, parts }: Asking,
) {
  const response = await parts.fetch.fetch(`${api}/applications/${encodeURIComponent(clientId)}/token`, {
    method: 'POST',
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ access_token: accessToken }),
  });
  if (response.status === 404) return 'revoked';
  const found: unknown = response.status === 200 ? await response.json() : null;
  if (isObject(found) && found.token === accessToken) return 'live';
  throw new OddAnswer(`token_check_${response.status}`);
}
