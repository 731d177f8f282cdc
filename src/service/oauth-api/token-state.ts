import type { OAuthOperation } from './operation.js';
import { BY_CLIENT, FORM, json, NOT_NOW, object, refusal, TOO_MANY, text, UNKNOWN_CLIENT } from './operation-parts.js';

const TOKEN_TO_LOOK_AT = object(
  { token: text('An access token or refresh token.'), token_type_hint: text('Ignored if it is wrong.') },
  ['token'],
);

/** The operations by which clients and APIs ask about tokens they have. */
export const TOKEN_STATE: readonly OAuthOperation[] = [
  {
    path: '/oauth/introspect',
    method: 'post',
    id: 'introspectToken',
    summary: 'Ask whether a token is good',
    description:
      'For the client that it was issued to, and for the operator of the API that it is for; to others no token is active. RFC 7662.',
    security: BY_CLIENT,
    body: { type: FORM, schema: TOKEN_TO_LOOK_AT },
    replies: {
      200: {
        description: 'Whether it is active, and what it says.',
        content: json(
          object(
            {
              active: { type: 'boolean', description: 'Whether it is good at this moment.' },
              scope: text('Its scopes.'),
              client_id: text('The client that it was issued to.'),
              sub: text('Who has allowed it.'),
              exp: { type: 'integer', description: 'When it expires, in seconds since 1970.' },
            },
            ['active'],
          ),
          { active: false },
        ),
      },
      400: refusal('There is no token.', 'invalid_request', "missing required parameter 'token'"),
      401: UNKNOWN_CLIENT,
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
  {
    path: '/oauth/revoke',
    method: 'post',
    id: 'revokeToken',
    summary: 'Revoke a token',
    description:
      'An access token ends by itself; a refresh token ends the grant, with all its tokens. No node accepts it when this is answered. RFC 7009.',
    security: BY_CLIENT,
    body: { type: FORM, schema: TOKEN_TO_LOOK_AT },
    replies: {
      200: { description: 'It is revoked, or was good for nothing before.' },
      400: refusal('There is no token.', 'invalid_request', "missing required parameter 'token'"),
      401: UNKNOWN_CLIENT,
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
];
