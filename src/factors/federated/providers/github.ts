import { OAuth2Upstream } from '../upstreams/oauth2-upstream.js';
import { credentialsOf, type Provider } from '../upstreams/provider.js';
import { apiOf, checkToken, identityOf } from './github-api.js';

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
