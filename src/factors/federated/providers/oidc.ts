import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { credentialsOf, PROMPT, type Provider, settled } from '../upstreams/provider.js';

/** Any provider of OpenID Connect with discovery. */
export const oidc: Provider = {
  label: null,
  protocol: 'oidc',
  issuer: 'named',
  baseUrl: 'unused',
  isSecretRequired: false,
  settings: { prompt: PROMPT },
  create: (connection, secret, parts) => {
    const scopes = ['openid', 'profile', 'email', 'offline_access'];
    const differences = settled(connection, { issuer: connection.issuer!, scopes });
    return new OidcUpstream(differences, credentialsOf(connection, secret), parts);
  },
};
