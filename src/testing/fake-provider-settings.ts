/**
 * The protocol of the provider. `oidc`: OpenID Connect by discovery. `oauth2`: plain OAuth 2, without discovery and ID tokens. `github`: the
 * routes of a GitHub server, and its habits (errors with status 200, numeric ids, addresses apart).
 */
export type FakeProviderKind = 'oidc' | 'oauth2' | 'github';

/** The endpoints of a provider; `emails` and `check` are GitHub's. */
export type FakeProviderEndpoint =
  | 'discovery'
  | 'jwks'
  | 'authorization'
  | 'token'
  | 'userinfo'
  | 'revocation'
  | 'emails'
  | 'check';

/** Someone who has an account at the fake provider. */
export interface FakePerson {
  /** `sub`, for GitHub the digits of `id`; default: a new one. */
  readonly subject: string;
  /** Null: the provider tells none. */
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** Further claims, in ID tokens and in userinfo: `{ hd: 'example.com', amr: ['mfa'] }`. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** How a fake provider is set up. */
export interface FakeProviderSettings {
  /** Default `oidc`. */
  readonly kind?: FakeProviderKind;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Judges the secret instead of comparing it: for clients whose secret is a JWT, as Apple has them. */
  readonly acceptsSecret?: (secret: string) => boolean | Promise<boolean>;
  /** Behind the origin, for providers with tenants or realms: `/tenant/v2.0`. Default: none. */
  readonly path?: string;
  /** Where the times of tokens come from; default: the system's clock. A `FakeClock` fits. */
  readonly clock?: { now(): Date };
  /** Default `ES256`; a key of `RS256` takes long to generate. */
  readonly algorithm?: 'RS256' | 'ES256';
  /** Whether `iss` is in authorization responses, and advertised (RFC 9207). Default true. */
  readonly namesItself?: boolean;
  /** Redirect URIs of the client, compared exactly; default: any. */
  readonly redirectUris?: readonly string[];
  /** Default `required`: an authorization without a challenge of S256 is refused. */
  readonly pkce?: 'required' | 'ignored';
  /** When a refresh token is given. Default `always`. */
  readonly refreshTokens?: 'always' | 'offline_access' | 'never';
  /**
   * The result of a refresh token that was exchanged already: `refused` (default) has `invalid_grant`, `allowed` works again,
   * `ends_grant` is refused and ends the grant.
   */
  readonly reusedRefreshToken?: 'refused' | 'allowed' | 'ends_grant';
  /** Of access tokens and ID tokens; default 3600, of GitHub's ten years. */
  readonly tokenSeconds?: number;
}

/**
 * A fault of one endpoint. `hang`: no answer. `trickle`: a head, and a body that never ends. `cut`: the connection is cut before anything
 * happened. `lost`: everything happened, and the connection is cut instead of the answer. `huge`: a body of 64 MB. `redirect`: elsewhere,
 * where the true answer is. `error_in_200`: an error with status 200. `not_json`: a page. A number: that status, with a body that says
 * nothing.
 */
export type ProviderFault =
  | 'hang'
  | 'trickle'
  | 'cut'
  | 'lost'
  | 'huge'
  | 'redirect'
  | 'error_in_200'
  | 'not_json'
  | number;

/** The fault of a signature. `stranger`: made by a key that the provider never published. `hmac`: HS256 by the client secret. */
export type SignatureFault = 'none' | 'flipped' | 'empty' | 'stranger' | 'hmac';

/** The faults of a signed token. */
export interface TokenMisbehaviour {
  /** Claims that replace the right ones; one of `undefined` is left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Members of the header that replace the right ones; one of `undefined` is left out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** `none` is also the algorithm then. */
  readonly signature?: SignatureFault;
}

/** The faults of the provider, from when they are assigned until `{}` is assigned. */
export interface ProviderMisbehaviour {
  readonly idToken?: TokenMisbehaviour | 'omitted';
  /** Members of userinfo (GitHub: of `/user`) that replace the right ones; one of `undefined` is left out. */
  readonly userinfo?: Readonly<Record<string, unknown>>;
  /** Members of the discovery document that replace the right ones; one of `undefined` is left out. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Parameters of authorization responses that replace the right ones (`iss`, `state`, `code`); one of `undefined` is left out. */
  readonly response?: Readonly<Record<string, string | undefined>>;
  /** Members of token replies that replace the right ones; one of `undefined` is left out. */
  readonly tokenReply?: Readonly<Record<string, unknown>>;
  /** The authorization is refused with this code: `access_denied`. */
  readonly refusal?: string;
  /** Refreshing answers with another person's tokens. */
  readonly refreshesAs?: FakePerson;
  /** Refreshing answers without a new refresh token, and the old one stays good. */
  readonly keepsRefreshToken?: boolean;
  readonly faults?: Readonly<Partial<Record<FakeProviderEndpoint, ProviderFault>>>;
}

/** A request that the provider received. */
export interface FakeProviderRequest {
  readonly endpoint: FakeProviderEndpoint;
  readonly method: string;
  /** Of the query, or of a form. */
  readonly parameters: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** An authorization that a person gave. */
export interface FakeLogin {
  readonly person: FakePerson;
  /** `sid` of ID tokens and logout tokens; each authorization has its own. */
  readonly sessionId: string;
  readonly scopes: readonly string[];
  readonly authenticatedAt: Date;
}
