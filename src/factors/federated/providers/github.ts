import type { Connection } from '../connections/connection.js';
import { addressIn, shownText, subjectOf } from '../upstreams/claims.js';
import { OAuth2Upstream, type PlainIdentity } from '../upstreams/oauth2-upstream.js';
import { credentialsOf, type Provider } from '../upstreams/provider.js';
import type { UpstreamParts } from '../upstreams/upstream-client.js';
import { isObject } from '../upstreams/upstream-fetch.js';
import { OddAnswer } from '../upstreams/upstream-refusals.js';

/**
 * GitHub, also a company's own (`baseUrl`). OAuth 2 without OpenID Connect: the subject is the number of the account, for names change hands; the
 * address is the primary one of `/user/emails`, for that of the profile is anything. Errors come with status 200. Tokens of OAuth apps do not
 * expire, and whether one still stands is asked with the application's own secret (404: it does not); those of GitHub apps come with a refresh
 * token that each use replaces.
 */
export const github: Provider = {
  label: 'GitHub',
  protocol: 'oauth2',
  issuer: 'known',
  baseUrl: 'optional',
  asksAnew: false,
  isSecretRequired: true,
  settings: {},
  create: (connection, secret, parts) => {
    const site = (connection.baseUrl ?? 'https://github.com').replace(/\/$/, '');
    const api = apiOf(site);
    const server = {
      issuer: `${site}/login/oauth`,
      authorization_endpoint: `${site}/login/oauth/authorize`,
      token_endpoint: `${site}/login/oauth/access_token`,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
    const differences = {
      server,
      scopes: connection.settings.scopes ?? ['read:user', 'user:email'],
      revokedErrors: ['bad_refresh_token'],
      identityOf: (accessToken: string) => identityOf(api, accessToken, parts),
      checkAccessToken: (accessToken: string) => checkToken(api, accessToken, { connection, secret, parts }),
    };
    return new OAuth2Upstream(differences, credentialsOf(connection, secret), parts);
  },
};

/** GitHub Enterprise Cloud with its own domain, GitHub Enterprise Server. */
function apiOf(site: string): string {
  const { host, protocol } = new URL(site);
  return /(^|\.)(github|ghe)\.com$/.test(host) ? `${protocol}//api.${host}` : `${site}/api/v3`;
}

async function identityOf(api: string, accessToken: string, { fetch }: UpstreamParts): Promise<PlainIdentity> {
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

interface Asking {
  readonly connection: Connection;
  readonly secret: string | null;
  readonly parts: UpstreamParts;
}

async function checkToken(api: string, accessToken: string, { connection: { clientId }, secret, parts }: Asking) {
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
