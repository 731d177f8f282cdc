/** A route of the provider, as the API document has it. */
export interface OAuthOperation {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Absent: nobody has to prove themselves. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly OAuthParameter[];
  readonly body?: { readonly type: string; readonly schema: object };
  readonly replies: Readonly<Record<string, OAuthReply>>;
  readonly isOfRegistration?: true;
}

export interface OAuthParameter {
  readonly name: string;
  readonly in?: 'path' | 'query';
  readonly required?: boolean;
  readonly description: string;
  readonly example?: string;
}

export interface OAuthReply {
  readonly description: string;
  readonly headers?: object;
  readonly content?: object;
}

const text = (description: string, example?: string) => ({
  type: 'string',
  description,
  ...(example !== undefined && { example }),
});
const seconds = (description: string, example: number) => ({ type: 'integer', description, example });
const object = (properties: Readonly<Record<string, object>>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const json = (schema: object, value: unknown) => ({ [JSON_TYPE]: { schema, examples: { usual: { value } } } });
const PAGE = { 'text/html': { schema: { type: 'string', description: 'A page for people.' } } };

const ERROR = object(
  {
    error: text('Code of the error, RFC 6749 §5.2.', 'invalid_grant'),
    error_description: text('What is wrong, for developers.'),
  },
  ['error'],
);
const refusal = (description: string, error: string, error_description: string): OAuthReply => ({
  description,
  content: json(ERROR, { error, error_description }),
});

type Proofs = NonNullable<OAuthOperation['security']>;

const BY_CLIENT: Proofs = [{ clientSecret: [] }, {}];
const UNKNOWN_CLIENT = refusal(
  'The client did not prove itself; `WWW-Authenticate` asks it to.',
  'invalid_client',
  'client authentication failed',
);
const TOO_MANY: OAuthReply = refusal(
  'Too many requests; `Retry-After` says when to try again.',
  'slow_down',
  'too many requests; wait for Retry-After',
);
const NOT_NOW: OAuthReply = refusal(
  'A store is out of reach; `Retry-After` says when to try again.',
  'temporarily_unavailable',
  'try again after the time given in Retry-After',
);
const LOCATION = { Location: { description: 'Where the browser goes on.', schema: { type: 'string', format: 'uri' } } };

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

const LOGOUT: readonly OAuthParameter[] = [
  { name: 'id_token_hint', description: 'An ID token of the session; it may have expired.' },
  { name: 'client_id', description: 'Id of the client.' },
  {
    name: 'post_logout_redirect_uri',
    description: 'One of those that the client has registered, compared exactly.',
  },
  { name: 'state', description: 'Returned as it is.' },
];

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
  503: NOT_NOW,
};

const TOKENS = object(
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
const TOKEN_TO_LOOK_AT = object(
  { token: text('An access token or refresh token.'), token_type_hint: text('Ignored if it is wrong.') },
  ['token'],
);

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
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description });
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

/** In the order of a login. */
export const OAUTH_OPERATIONS: readonly OAuthOperation[] = [
  discovery('/.well-known/openid-configuration', 'readOpenIdConfiguration', 'OpenID Connect Discovery 1.0'),
  discovery('/.well-known/oauth-authorization-server', 'readOAuthServerMetadata', 'RFC 8414'),
  RESOURCE_METADATA,
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
      303: { description: 'To the redirect URI, or to whoever asks the user.', headers: LOCATION },
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
        content: json(TOKENS, {
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
    replies: USERINFO_REPLIES,
  },
  {
    path: '/oauth/userinfo',
    method: 'post',
    id: 'readUserinfoByForm',
    summary: 'Read who has logged in, by a form',
    security: [{ clientAccessToken: [] }],
    replies: USERINFO_REPLIES,
  },
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
  {
    path: '/oauth/device/authorize',
    method: 'post',
    id: 'authorizeDevice',
    summary: 'Ask for access for a device',
    description:
      'The user enters the code at `/oauth/device`; the device asks `POST /oauth/token` until then. RFC 8628.',
    security: BY_CLIENT,
    body: {
      type: FORM,
      schema: object({ client_id: text('Id of the client.'), scope: text('Scopes, separated by spaces.') }),
    },
    replies: {
      200: {
        description: 'The codes.',
        content: json(
          object(
            {
              device_code: text('For the device alone.'),
              user_code: text('For the user.', 'WDJB-MJHT'),
              verification_uri: text('Where the user enters it.'),
              verification_uri_complete: text('The same, with the code in it.'),
              expires_in: seconds('Lifetime of the codes, in seconds.', 600),
              interval: seconds('How often the device may ask, in seconds.', 5),
            },
            ['device_code', 'user_code', 'verification_uri', 'expires_in'],
          ),
          {
            device_code: 'iWqJ3Ftv4rXm0pY2lS8eN1bC6aD9gH5kT7uZxVwQoRs',
            user_code: 'WDJB-MJHT',
            verification_uri: 'https://auth.example.com/oauth/device',
            verification_uri_complete: 'https://auth.example.com/oauth/device?user_code=WDJB-MJHT',
            expires_in: 600,
            interval: 5,
          },
        ),
      },
      400: refusal(
        'The client may not do this.',
        'invalid_request',
        'urn:ietf:params:oauth:grant-type:device_code is not allowed for this client',
      ),
      401: UNKNOWN_CLIENT,
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
  {
    path: '/oauth/logout',
    method: 'get',
    id: 'logOutFromClient',
    summary: 'Sign out, and go back to the client',
    description:
      'For browsers: asks the user, ends the session with all that hangs on it, then goes on to the client. OpenID Connect RP-Initiated Logout 1.0.',
    parameters: LOGOUT,
    replies: {
      200: { description: 'A page that asks.', content: PAGE },
      400: { description: 'A request that cannot be answered.', content: PAGE },
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
  {
    path: '/oauth/logout',
    method: 'post',
    id: 'logOutFromClientByForm',
    summary: 'Sign out by a form, and go back to the client',
    body: {
      type: FORM,
      schema: object(Object.fromEntries(LOGOUT.map(({ name, description }) => [name, text(description)]))),
    },
    replies: {
      303: { description: 'To the same as `GET`.', headers: LOCATION },
      default: { description: 'As `GET`.', content: PAGE },
    },
  },
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
      401: REGISTRATION_TOKEN_REFUSED,
      503: NOT_NOW,
    },
    isOfRegistration: true,
  },
];
