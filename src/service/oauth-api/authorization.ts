import type { OAuthOperation, OAuthParameter } from './operation.js';
import {
  BY_CLIENT,
  FORM,
  json,
  LOCATION,
  NOT_NOW,
  object,
  PAGE,
  refusal,
  seconds,
  TOO_MANY,
  text,
  UNKNOWN_CLIENT,
} from './operation-parts.js';

const AUTHORIZE: readonly OAuthParameter[] = [
  { name: 'client_id', description: 'Id of the client.', required: true, example: 'ledger' },
  { name: 'redirect_uri', description: 'One of the redirect URIs of the client, compared exactly.' },
  { name: 'response_type', description: 'Always `code`.', example: 'code' },
  { name: 'scope', description: 'Scopes, separated by spaces.', example: 'openid email' },
  { name: 'resource', description: 'URI of the API that tokens are for (RFC 8707).' },
  { name: 'state', description: 'Returned as it is.' },
  { name: 'nonce', description: 'Put into the ID token.' },
  { name: 'code_challenge', description: 'PKCE (RFC 7636): SHA-256 of the verifier, base64url.' },
  { name: 'code_challenge_method', description: 'Always `S256`.', example: 'S256' },
  { name: 'prompt', description: '`none`, `login` or `consent`.' },
  { name: 'max_age', description: 'How old the login may be, in seconds.' },
  { name: 'request_uri', description: 'What `POST /oauth/par` gave, in place of the others.' },
];

/** For browsers and requests sent ahead. */
export const AUTHORIZATION: readonly OAuthOperation[] = [
  {
    path: '/oauth/authorize',
    method: 'get',
    id: 'authorize',
    summary: 'Ask for a login or for access',
    description:
      'For browsers: a client redirects its user here. Who is not logged in, or has not agreed yet, is asked; then the browser goes on to the redirect URI with a code, or with an error. RFC 6749 §4.1, RFC 7636, OpenID Connect Core 1.0.',
    parameters: AUTHORIZE,
    replies: {
      200: { description: 'With `response_mode=form_post`: a form that sends itself on.', content: PAGE },
      303: { description: 'To the redirect URI, or to the page that asks the user.', headers: LOCATION },
      400: { description: 'A request that cannot be answered at any redirect URI.', content: PAGE },
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
  {
    path: '/oauth/authorize',
    method: 'post',
    id: 'authorizeByForm',
    summary: 'Ask for a login or for access by a form',
    body: {
      type: FORM,
      schema: object(Object.fromEntries(AUTHORIZE.map(({ name, description }) => [name, text(description)]))),
    },
    replies: {
      303: { description: 'To the same as `GET`.', headers: LOCATION },
      default: { description: 'As `GET`.', content: PAGE },
    },
  },
  {
    path: '/oauth/par',
    method: 'post',
    id: 'pushAuthorizationRequest',
    summary: 'Send an authorization request ahead',
    description: 'RFC 9126.',
    security: BY_CLIENT,
    body: {
      type: FORM,
      schema: object(Object.fromEntries(AUTHORIZE.map(({ name, description }) => [name, text(description)]))),
    },
    replies: {
      201: {
        description: 'Kept for a minute.',
        content: json(
          object({
            request_uri: text('For `GET /oauth/authorize`.'),
            expires_in: seconds('Its lifetime, in seconds.', 60),
          }),
          { request_uri: 'urn:ietf:params:oauth:request_uri:TFHnAVqkGeWjBNFMqdZLT', expires_in: 60 },
        ),
      },
      400: refusal(
        'Something is missing or wrong.',
        'invalid_request',
        "missing required parameters 'response_type' and 'client_id'",
      ),
      401: UNKNOWN_CLIENT,
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
];
