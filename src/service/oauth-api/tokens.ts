import type { OAuthOperation } from './operation.js';
import {
  BY_CLIENT,
  FORM,
  json,
  NOT_NOW,
  object,
  refusal,
  seconds,
  TOO_MANY,
  text,
  UNKNOWN_CLIENT,
} from './operation-parts.js';

const USERINFO_REPLIES: OAuthOperation['replies'] = {
  200: {
    description: 'The claims that the scopes of the token allow.',
    content: json(
      object(
        {
          sub: text('Id of the user.'),
          email: text('With the scope `email`.'),
          email_verified: { type: 'boolean', description: 'With the scope `email`.' },
          name: text('With the scope `profile`.'),
        },
        ['sub'],
      ),
      { sub: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f', email: 'ada@example.com', email_verified: true },
    ),
  },
  401: refusal('The token is good for nothing; `WWW-Authenticate` says so.', 'invalid_token', 'invalid token provided'),
  429: TOO_MANY,
  503: NOT_NOW,
};

const TOKEN_REPLY = object(
  {
    access_token: text('For the API, or for userinfo.'),
    token_type: text('`Bearer` or `DPoP`.', 'Bearer'),
    expires_in: seconds('Lifetime of the access token, in seconds.', 300),
    id_token: text('With the scope `openid`: who has logged in, as a JWT.'),
    refresh_token: text('Replaced at each use.'),
    scope: text('Scopes of the access token, separated by spaces.', 'openid email'),
  },
  ['access_token', 'token_type', 'expires_in'],
);
const TOKEN_FORM = object(
  {
    grant_type: {
      type: 'string',
      description: 'What the tokens are given for.',
      enum: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
    },
    code: text('Of the redirect.'),
    redirect_uri: text('The same as at the authorization.'),
    code_verifier: text('PKCE: what the challenge was made of.'),
    refresh_token: text('The newest of its grant.'),
    device_code: text('What `POST /oauth/device/authorize` gave.'),
    scope: text('Fewer scopes than were granted.'),
    resource: text('URI of the API that the access token is for.'),
    client_id: text('Of a client that does not prove itself by a header.'),
    client_secret: text('With `client_secret_post`.'),
    client_assertion_type: text('With `private_key_jwt`.'),
    client_assertion: text('With `private_key_jwt`.'),
  },
  ['grant_type'],
);

/** Tokens, and who has logged in. */
export const TOKENS: readonly OAuthOperation[] = [
  {
    path: '/oauth/token',
    method: 'post',
    id: 'issueOAuthTokens',
    summary: 'Get tokens',
    description:
      'For a code, a refresh token, a device code, or for the client itself. A refresh token is replaced at each use; one that is used again after the grace ends its grant. RFC 6749 §3.2, RFC 8628, RFC 9068, RFC 9449.',
    security: BY_CLIENT,
    body: { type: FORM, schema: TOKEN_FORM },
    replies: {
      200: {
        description: 'The tokens.',
        content: json(TOKEN_REPLY, {
          access_token: 'eyJhbGciOiJFUzI1NiJ9…',
          token_type: 'Bearer',
          expires_in: 300,
          scope: 'orders:read',
        }),
      },
      400: refusal(
        'The code or token is good for nothing, or something is missing.',
        'invalid_grant',
        'grant request is invalid',
      ),
      401: UNKNOWN_CLIENT,
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
  {
    path: '/oauth/userinfo',
    method: 'get',
    id: 'readUserinfo',
    summary: 'Read who has logged in',
    description: 'With an access token that is for no API. OpenID Connect Core 1.0 §5.3.',
    security: [{ clientAccessToken: [] }],
    replies: {
      ...USERINFO_REPLIES,
      400: refusal(
        'The token is in the query.',
        'invalid_request',
        'access tokens must not be provided via query parameter',
      ),
    },
  },
  {
    path: '/oauth/userinfo',
    method: 'post',
    id: 'readUserinfoByForm',
    summary: 'Read who has logged in, by a form',
    security: [{ clientAccessToken: [] }],
    replies: {
      ...USERINFO_REPLIES,
      400: refusal(
        'The body is no form.',
        'invalid_request',
        'only application/x-www-form-urlencoded content-type bodies are supported on POST /oauth/userinfo',
      ),
    },
  },
];
