/** The secrets that bind an answer to the flow that asked for it. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Of the connection, which shares it with no other. */
  readonly redirectUri: string;
}

/** The purpose of a login at a provider. */
export type FlowPurpose = 'login' | 'link' | 'step_up';

/** Who a person is at a provider, as a completed flow has proven it. */
export interface UpstreamIdentity {
  readonly issuer: string;
  /** Never empty. Together with the connection and the issuer it is the key; an address never is. */
  readonly subject: string;
  readonly email: string | null;
  /** Whether the same document that names the address says so. */
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** RFC 8176; empty: it says nothing. */
  readonly amr: readonly string[];
  /** When the user last proved there who they are; null: it says nothing. */
  readonly authenticatedAt: Date | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `sid`; null: it says none. */
  readonly sessionId: string | null;
  /** When the session there ends; null: it says nothing. */
  readonly sessionExpiresAt: Date | null;
}

/** A login elsewhere. */
export interface UpstreamLogin {
  readonly identity: UpstreamIdentity;
  /** The token that a later recheck needs, stored sealed; null: the login cannot be rechecked. */
  readonly token: string | null;
}

/**
 * The result of a recheck of an earlier login. `unknown`: no answer, or none that can be understood; a `token` that came with it all the same
 * must be stored, for the provider may have forgotten the one before.
 */
export type UpstreamCheck =
  | { readonly outcome: 'live'; readonly token: string | null; readonly sessionExpiresAt?: Date | null }
  /** `isCertain`: whatever answers were lost before, for asking replaces no token. */
  | { readonly outcome: 'revoked'; readonly isCertain?: boolean }
  | { readonly outcome: 'unknown'; readonly cause: unknown; readonly token?: string };

/** The claims of a back-channel logout, OpenID Connect Back-Channel Logout 1.0 §2.4. It names a subject or a session. */
export interface UpstreamLogout {
  readonly issuer: string;
  readonly subject: string | null;
  readonly sessionId: string | null;
  /** `jti`: good once. */
  readonly tokenId: string;
  readonly issuedAt: Date;
}

/** An outside provider that is spoken to, for one connection. */
export abstract class Upstream {
  /** An answer that names another one is refused before the exchange. */
  abstract readonly issuer: string;

  /** Less than this between two checks of one login, and the provider may refuse to answer. */
  readonly leastSecondsBetweenChecks: number = 0;

  /**
   * Where to send the browser. For `link` and `step_up` the user has to prove there anew who they are.
   *
   * @throws AuthError `unavailable` when the provider cannot be reached and nothing is known of it
   */
  abstract authorizationUrl(
    flow: FlowSecrets & { readonly purpose: FlowPurpose; readonly loginHint?: string },
  ): Promise<URL>;

  /**
   * Takes the answer: exchanges the code, verifies everything.
   *
   * @throws AuthError `invalid_credentials`, with the reason; `unavailable` when the provider cannot be reached
   */
  abstract complete(callback: URL, flow: FlowSecrets): Promise<UpstreamLogin>;

  /**
   * Whether an earlier login still stands. A rotated token comes back, and must be stored before the check counts as good.
   *
   * @returns `unknown` for every lost or odd answer: only a clear "revoked" is one
   */
  abstract check(token: string): Promise<UpstreamCheck>;

  /** Verifies a logout token. That it is fresh and good once is the caller's to see. @throws AuthError `validation_failed` */
  abstract readLogout(token: string): Promise<UpstreamLogout>;
}
