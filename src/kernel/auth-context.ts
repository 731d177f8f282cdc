import { AuthError } from './auth-error.js';
import type { UserFieldValues } from './user-fields.js';

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
  /** The admin who acts as this user in the request at hand; absent: the user alone. */
  readonly impersonatorId?: string;
  /** The values of the declared fields (`registrationFields`); empty where the user has none. */
  readonly fields: UserFieldValues;
  /** Tag of the language that the user has chosen for pages and mails; null or absent: as the browser says. */
  readonly language?: string | null;
}

/**
 * Claims that a `ClaimsSource` adds to a session: any names but those that access tokens use themselves. Name yours by declaration merging.
 *
 * @example
 * declare module 'coatcheck' { interface CustomClaims { readonly tenant?: string } }
 */
export interface CustomClaims {
  readonly [name: string]: unknown;
}

/** Notes of a host application on a session, 1 kB of JSON at most. Name yours by declaration merging. */
export interface SessionMetadata {
  readonly [name: string]: unknown;
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
  /** The admin who acts as the user; null: the user alone. */
  readonly impersonatorId: string | null;
  /** `enrolment`: its user must enrol a factor first, and it opens nothing else; null: everything the user may. */
  readonly onlyFor: 'enrolment' | null;
  /** Noted by the application; empty: nothing. Replies show it only with `SESSION_METADATA_SHOWN`. */
  readonly metadata: SessionMetadata;
}

/** The credential of a machine: a key, a certificate, or a token of an authorization server. It holds no secret. */
export interface AuthCredential {
  /** Identifies it among those of its kind, e.g. the UUID of a key. */
  readonly id: string;
  /** As its owner called it; null: it has no name. */
  readonly name: string | null;
  /** When it was created; of a certificate: when it was first used here. */
  readonly createdAt: Date;
  /** Null: never before. May be late by as long as uses are gathered. */
  readonly lastUsedAt: Date | null;
  /** Null: never. */
  readonly expiresAt: Date | null;
}

/** A user who logged in. Nothing but their roles limits what they may do. */
export interface SessionAuth {
  readonly by: 'session';
  readonly user: AuthUser;
  readonly strategy: StrategyName;
  readonly session: AuthSession;
  /** By the application's `ClaimsSource`, as of the login or of the last change of the user; empty: none. */
  readonly claims: CustomClaims;
  /** When the ticket itself expires, if before its session: an access token. Absent: with the session. */
  readonly ticketExpiresAt?: Date;
}

/** A machine that acts for a user. There is no session: no login took place, and nothing can be stepped up. */
export interface CredentialAuth {
  readonly by: 'api-key' | 'certificate' | 'oauth';
  readonly user: AuthUser;
  readonly strategy: StrategyName;
  readonly credential: AuthCredential;
  /** Its scopes, for `@Scopes()`. They never allow more than its user may do. */
  readonly scopes: readonly string[];
  /** The application that a user has allowed this, or that acts on its own; absent: not by OAuth. */
  readonly client?: AuthClient;
  /**
   * Of a client: paths below `PUBLIC_URL` of the resources that its token is for (`@ProtectedResource()`), `''` for all other routes. A client
   * without any may go nowhere.
   */
  readonly resourcePaths?: readonly string[];
}

/** A registered application. */
export interface AuthClient {
  readonly id: string;
  /** Whether it is the operator's own: its users were never asked. */
  readonly firstParty: boolean;
}

/** The user that a strategy has recognised, and the ticket. */
export type RecognisedAuth = SessionAuth | CredentialAuth;

/** The permissions of the user's roles. */
export interface Permitted {
  /** By `ROLE_PERMISSIONS`; a machine's are only those among its scopes. In alphabetical order. */
  readonly permissions: readonly string[];
}

/** Who is calling, and by which ticket: `auth.by` says which. The guard attaches it as `request.auth`, its user as `request.user`. */
export type AuthContext = RecognisedAuth & Permitted;

/**
 * The session behind a request, for what only a user who logged in may do.
 *
 * @throws AuthError `forbidden` for a machine's credential
 */
export function requireSession(auth: RecognisedAuth): AuthSession {
  if (auth.by !== 'session') throw new AuthError('forbidden', { reason: 'needs_a_session' });
  return auth.session;
}

/** Id of the session, or of the machine's credential. */
export function ticketIdOf(auth: RecognisedAuth): string {
  return auth.by === 'session' ? auth.session.id : auth.credential.id;
}

/** A request after the guard has passed it. Type your handlers with it: `@Req() request: AuthenticatedRequest`. */
export interface AuthenticatedRequest {
  readonly user: AuthUser;
  readonly auth: AuthContext;
}

/** A request to an `@OptionalAuth()` or `@Public()` route, which may have no user. */
export type OptionallyAuthenticatedRequest = Partial<AuthenticatedRequest>;
