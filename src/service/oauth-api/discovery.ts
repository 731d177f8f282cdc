import type { OAuthOperation } from './operation.js';
import { json, NOT_NOW, object, text, texts } from './operation-parts.js';

const DISCOVERY_EXAMPLE = {
  issuer: 'https://auth.example.com',
  authorization_endpoint: 'https://auth.example.com/oauth/authorize',
  token_endpoint: 'https://auth.example.com/oauth/token',
  jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
};
const discovery = (path: string, id: string, specification: string): OAuthOperation => ({
  path,
  method: 'get',
  id,
  summary: 'Read what the provider can do',
  description: `${specification}. The same document at both addresses.`,
  replies: {
    200: {
      description: 'Endpoints, and what they support.',
      content: json(
        object({
          issuer: text('As in every token.'),
          authorization_endpoint: text('For browsers.'),
          token_endpoint: text('For clients.'),
          jwks_uri: text('Keys of every token.'),
          response_types_supported: { type: 'array', items: { type: 'string' }, description: 'Only `code`.' },
          code_challenge_methods_supported: { type: 'array', items: { type: 'string' }, description: 'Only `S256`.' },
        }),
        DISCOVERY_EXAMPLE,
      ),
    },
    503: NOT_NOW,
  },
});

const RESOURCE_EXAMPLE = {
  resource: 'https://auth.example.com',
  authorization_servers: ['https://auth.example.com'],
  scopes_supported: ['example:read', 'openid'],
  bearer_methods_supported: ['header'],
  dpop_signing_alg_values_supported: ['ES256'],
};
const RESOURCE_METADATA: OAuthOperation = {
  path: '/.well-known/oauth-protected-resource',
  method: 'get',
  id: 'readResourceMetadata',
  summary: 'Read how this application is asked as a resource',
  description:
    "RFC 9728. Of a resource within the application (`@ProtectedResource('/mcp')`) at the same address followed by its path. What a 401 or 403 of such a resource names as `resource_metadata`.",
  replies: {
    200: {
      description: 'Whom it trusts, and which scopes there are.',
      content: json(
        object({
          resource: text('What clients ask tokens for (`resource`), and their `aud`.'),
          resource_name: text('For people.', 'Tools'),
          authorization_servers: texts('This service.'),
          scopes_supported: texts('What its routes ask for.'),
          bearer_methods_supported: texts('Only `header`.'),
          dpop_signing_alg_values_supported: texts('Of proofs (DPoP).'),
        }),
        RESOURCE_EXAMPLE,
      ),
    },
    503: NOT_NOW,
  },
};

/** The operations by which clients find the provider. */
export const DISCOVERY: readonly OAuthOperation[] = [
  discovery('/.well-known/openid-configuration', 'readOpenIdConfiguration', 'OpenID Connect Discovery 1.0'),
  discovery('/.well-known/oauth-authorization-server', 'readOAuthServerMetadata', 'RFC 8414'),
  RESOURCE_METADATA,
];
