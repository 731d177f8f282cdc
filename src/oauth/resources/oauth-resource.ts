/** An API that tokens are issued for. Frozen. */
export interface OAuthResource {
  /** Its name in requests and in `aud` (RFC 8707). */
  readonly uri: string;
  readonly name: string;
  /** A description for people of what each scope lets a client do, by scope; empty: none. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly accessTokenSeconds: number;
  /** The client that may introspect tokens for it; null: only the client that a token was issued to. */
  readonly operatorClientId: string | null;
  /** `own`: this application's origin. */
  readonly origin: 'own' | 'admin' | 'file';
}

/** The configured part of it: in the table, or in the options' file. */
export interface ResourceDescription {
  readonly uri: string;
  readonly name: string;
  readonly scopes: Readonly<Record<string, string>>;
  /** Null: as the options say. */
  readonly accessTokenSeconds: number | null;
  readonly operatorClientId: string | null;
}

/** Scopes of OpenID Connect, which are no API's. */
export const OIDC_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];
