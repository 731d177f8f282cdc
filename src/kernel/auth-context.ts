/** Built-in strategies; teams may add their own names. */
export type StrategyName = 'session' | 'jwt' | (string & {});

/** How a session's tokens travel: both in the reply, both in HttpOnly cookies, or only the refresh token in one. */
export type Transport = 'body' | 'cookie' | 'split';

/** `person`: logs in. `service`: a machine, made by admins, which acts by keys and certificates only. */
export type UserKind = (typeof USER_KINDS)[number];

export const USER_KINDS = ['person', 'service'] as const;

/** The user as every node and every handler sees it: no credential, nothing that must stay secret. */
export interface AuthUser {
  /** UUIDv7. */
  readonly id: string;
  readonly kind: UserKind;
  /** Null for service users, and only for them. */
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly createdAt: Date;
  /** Counts the changes of roles, e-mail and status: an access token that names another one is out of date. */
  readonly revision: number;
  /** The admin who acts as this user in the request at hand; absent: nobody but the user. */
  readonly impersonatorId?: string;
}

/** The session behind a request, or one line of a session list. */
export interface AuthSession {
  /** Random UUID (version 4: it must not tell when it was made). */
  readonly id: string;
  readonly userId: string;
  readonly strategy: StrategyName;
  readonly createdAt: Date;
  /** When factors were last proven; `createdAt` unless stepped up since. */
  readonly authenticatedAt: Date;
  /** Written at most once a minute. */
  readonly lastSeenAt: Date;
  /** The nearer of the idle and the absolute deadline. */
  readonly expiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Readable browser and system, e.g. `Firefox on Linux`; null when the user agent tells nothing. */
  readonly device: string | null;
  /** Authentication methods proven, RFC 8176 §2. */
  readonly amr: readonly string[];
  /** The admin who acts as the user; null: nobody but the user. */
  readonly impersonatorId: string | null;
  /** `enrolment`: its user must enrol a factor first, and it opens nothing else; null: everything the user may. */
  readonly onlyFor: 'enrolment' | null;
}

/**
 * Who is calling, and by which ticket. The guard attaches it as `request.auth`, its user as `request.user`.
 */
export interface AuthContext {
  readonly user: AuthUser;
  /**
   * Of a key or a certificate there is none: then it tells of that credential in a session's words, by the credential's id, and
   * no store knows it.
   */
  readonly session: AuthSession;
  readonly strategy: StrategyName;
  /** What a machine's credential may do: `@Scopes()`. Null: a login of the user, whom nothing but their roles limits. */
  readonly scopes: readonly string[] | null;
}

/** A request after the guard has passed it. Type your handlers with it: `@Req() request: AuthenticatedRequest`. */
export interface AuthenticatedRequest {
  readonly user: AuthUser;
  readonly auth: AuthContext;
}
