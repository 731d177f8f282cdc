import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { credentialsOf, PROMPT, type Provider, settled } from '../upstreams/provider.js';

/**
 * GitLab, also a company's own (`baseUrl`). OpenID Connect throughout; the address is the primary one when the application has the scope `email`. A
 * refresh token comes without being asked for, and each use replaces it. It offers no scope `offline_access`.
 */
export const gitlab: Provider = {
  label: 'GitLab',
  protocol: 'oidc',
  issuer: 'known',
  baseUrl: 'optional',
  asksAnew: true,
  isSecretRequired: true,
  settings: { prompt: PROMPT },
  create: (connection, secret, parts) => {
    const issuer = (connection.baseUrl ?? 'https://gitlab.com').replace(/\/$/, '');
    const differences = settled(connection, { issuer, scopes: ['openid', 'profile', 'email'] });
    return new OidcUpstream(differences, credentialsOf(connection, secret), parts);
  },
};
