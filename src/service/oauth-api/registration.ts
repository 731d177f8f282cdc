import type { OAuthOperation, OAuthParameter } from './operation.js';
import {
  JSON_TYPE,
  json,
  NOT_NOW,
  object,
  type Proofs,
  refusal,
  TOO_MANY,
  text,
  UNREADABLE,
} from './operation-parts.js';

const METADATA = object({
  client_id: text('Id of the client.'),
  client_name: text('Name that users are shown.', 'Ledger'),
  redirect_uris: { type: 'array', items: { type: 'string' }, description: 'Compared exactly.' },
  grant_types: { type: 'array', items: { type: 'string' }, description: 'Ways to get tokens.' },
  token_endpoint_auth_method: text('How it proves itself.', 'none'),
  client_secret: text('Shown only once.'),
  registration_access_token: text('For `GET`, `PUT` and `DELETE` of the registration.'),
  registration_client_uri: text('Address of the registration.'),
});
const CLIENT_ID: readonly OAuthParameter[] = [
  { name: 'id', in: 'path', required: true, description: 'Id of the client.', example: 'ledger' },
];
const BY_REGISTRATION_TOKEN: Proofs = [{ clientAccessToken: [] }];
const REGISTRATION_TOKEN_REFUSED = refusal(
  'Not the registration’s own token.',
  'invalid_token',
  'the token is missing, unknown, used up or expired',
);

/** Clients that register themselves. */
export const REGISTRATION: readonly OAuthOperation[] = [
  {
    path: '/oauth/register',
    method: 'post',
    id: 'registerOAuthClient',
    summary: 'Register a client',
    description:
      'RFC 7591. `OAUTH_REGISTRATION=open`: anyone, as public clients; `token`: with a token that an admin made.',
    security: [{ clientAccessToken: [] }, {}],
    body: { type: JSON_TYPE, schema: METADATA },
    replies: {
      201: {
        description: 'Registered.',
        content: json(METADATA, {
          client_id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
          client_name: 'Ledger',
          redirect_uris: ['http://127.0.0.1/callback'],
          token_endpoint_auth_method: 'none',
        }),
      },
      400: refusal(
        'Metadata that will not do.',
        'invalid_redirect_uri',
        'redirect_uris must not be empty for a client that logs users in',
      ),
      401: refusal(
        'The registration token is missing or used up.',
        'invalid_token',
        'the token is missing, unknown, used up or expired',
      ),
      429: TOO_MANY,
      503: NOT_NOW,
    },
    isOfRegistration: true,
  },
  {
    path: '/oauth/register/{id}',
    method: 'get',
    id: 'readOAuthRegistration',
    summary: 'Read one’s own registration',
    description: 'RFC 7592.',
    security: BY_REGISTRATION_TOKEN,
    parameters: CLIENT_ID,
    replies: {
      200: { description: 'The client.', content: { [JSON_TYPE]: { schema: METADATA } } },
      400: UNREADABLE,
      401: REGISTRATION_TOKEN_REFUSED,
      503: NOT_NOW,
    },
    isOfRegistration: true,
  },
  {
    path: '/oauth/register/{id}',
    method: 'put',
    id: 'changeOAuthRegistration',
    summary: 'Change one’s own registration',
    description: 'RFC 7592.',
    security: BY_REGISTRATION_TOKEN,
    parameters: CLIENT_ID,
    body: { type: JSON_TYPE, schema: METADATA },
    replies: {
      200: { description: 'The client.', content: { [JSON_TYPE]: { schema: METADATA } } },
      400: refusal(
        'Metadata that will not do.',
        'invalid_redirect_uri',
        'redirect_uris must not be empty for a client that logs users in',
      ),
      401: REGISTRATION_TOKEN_REFUSED,
      503: NOT_NOW,
    },
    isOfRegistration: true,
  },
  {
    path: '/oauth/register/{id}',
    method: 'delete',
    id: 'deleteOAuthRegistration',
    summary: 'Delete one’s own registration',
    description: 'RFC 7592.',
    security: BY_REGISTRATION_TOKEN,
    parameters: CLIENT_ID,
    replies: {
      204: { description: 'The client is gone, and all its access with it.' },
      400: UNREADABLE,
      401: REGISTRATION_TOKEN_REFUSED,
      503: NOT_NOW,
    },
    isOfRegistration: true,
  },
];
