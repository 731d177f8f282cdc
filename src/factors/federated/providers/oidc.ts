import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { credentialsOf, PROMPT, type Provider, settled } from '../upstreams/provider.js';

/** No login is as old, so no user is asked for a new one by it; but a provider that is sent a bound says when the login was (OpenID Connect Core §3.1.2.1). */
const YEAR = 365 * 86_400;

/** Any provider of OpenID Connect with discovery. */
export const oidc: Provider = {
  label: null,
  protocol: 'oidc',
  issuer: 'named',
  baseUrl: 'unused',
  asksAnew: true,
  isSecretRequired: false,
  settings: { prompt: PROMPT },
  create: (connection, secret, parts) => {
    const scopes = ['openid', 'profile', 'email', 'offline_access'];
    const differences = settled(connection, {
      ...{ issuer: connection.issuer!, scopes },
      timeParameters: { max_age: String(YEAR) },
    });
    return new OidcUpstream(differences, credentialsOf(connection, secret), parts);
  },
};
