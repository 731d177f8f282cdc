import type { FakeProvider } from './fake-provider.js';
import type { AnswerOf, ProviderRoutes } from './fake-provider-answers.js';
import { authorization } from './fake-provider-authorization.js';
import { revocation, token, userinfo } from './fake-provider-tokens.js';

/** OpenID Connect Discovery 1.0 §3. */
const discovery: AnswerOf = (provider) => {
  const { issuer, settings, wrong } = provider;
  const body = {
    issuer,
    ...endpointsOf(provider),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [settings.algorithm ?? 'ES256'],
    scopes_supported: ['openid', 'email', 'profile', 'offline_access'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: settings.namesItself !== false,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    ...wrong.metadata,
  };
  return { status: 200, body };
};

const jwks: AnswerOf = ({ keys }) => ({ status: 200, body: keys.jwks });

function endpointsOf({ issuer }: FakeProvider) {
  return {
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/jwks`,
  };
}

/** Of a plain OAuth 2 server. */
export const OAUTH2_ROUTES: ProviderRoutes = {
  '/authorize': ['authorization', authorization],
  '/token': ['token', token],
  '/userinfo': ['userinfo', userinfo],
  '/revoke': ['revocation', revocation],
};

/** Of an OpenID provider. */
export const OIDC_ROUTES: ProviderRoutes = {
  ...OAUTH2_ROUTES,
  '/.well-known/openid-configuration': ['discovery', discovery],
  '/jwks': ['jwks', jwks],
};
