import type { Connection } from '../connections/connection.js';
import { addressIn, claimAt, shownText, subjectOf } from '../upstreams/claims.js';
import { OAuth2Upstream, type PlainIdentity } from '../upstreams/oauth2-upstream.js';
import { addressSetting, credentialsOf, type Provider, textSetting } from '../upstreams/provider.js';
import type { UpstreamParts } from '../upstreams/upstream-client.js';
import { OddAnswer } from '../upstreams/upstream-refusals.js';

const CLAIM = textSetting('must be the name of a claim', /^[A-Za-z0-9_.:/-]{1,100}$/);

/** Any provider of OAuth 2 without OpenID Connect: an admin says where it is, and what its userinfo calls things. */
export const oauth2: Provider = {
  label: null,
  protocol: 'oauth2',
  issuer: 'named',
  baseUrl: 'unused',
  asksAnew: false,
  isSecretRequired: true,
  settings: {
    authorizationEndpoint: addressSetting(true),
    tokenEndpoint: addressSetting(true),
    userinfoEndpoint: addressSetting(true),
    subjectClaim: CLAIM,
    emailClaim: CLAIM,
    emailVerifiedClaim: CLAIM,
    nameClaim: CLAIM,
  },
  create: (connection, secret, parts) => {
    const { authorizationEndpoint, tokenEndpoint, scopes } = connection.settings;
    const endpoints = { authorization_endpoint: String(authorizationEndpoint), token_endpoint: String(tokenEndpoint) };
    const differences = {
      server: { issuer: connection.issuer!, ...endpoints },
      scopes: scopes ?? [],
      identityOf: (accessToken: string) => identityOf(connection, accessToken, parts),
    };
    return new OAuth2Upstream(differences, credentialsOf(connection, secret), parts);
  },
};

async function identityOf(
  { settings }: Connection,
  accessToken: string,
  { fetch }: UpstreamParts,
): Promise<PlainIdentity> {
  const authorization = `Bearer ${accessToken}`;
  const claims = await fetch.json(String(settings.userinfoEndpoint), { authorization });
  const { subjectClaim = 'sub', emailClaim = 'email', nameClaim = 'name', emailVerifiedClaim } = settings;
  const subject = subjectOf(claimAt(claims, String(subjectClaim)));
  if (subject === null) throw new OddAnswer('subject');
  const email = addressIn(claimAt(claims, String(emailClaim)));
  // Nothing counts as verified that an admin has not named.
  const isVerified = typeof emailVerifiedClaim === 'string' && claimAt(claims, emailVerifiedClaim) === true;
  const name = shownText(claimAt(claims, String(nameClaim)));
  return { subject, email, emailVerified: email !== null && isVerified, name, claims };
}
