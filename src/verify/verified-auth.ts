import type { AcceptedVerdict, WireCredential, WireSession, WireUser } from '../followers/wire.js';

/** The user, as the service knows them at this moment. No secret is in it. Instants are RFC 3339. */
export type VerifiedUser = WireUser;

/** The session behind a request, as `GET /auth/me` shows it. */
export type VerifiedSession = WireSession;

/** What a machine presented: no secret is in it. */
export type VerifiedCredential = WireCredential;

/** A registered application. */
export type VerifiedClient = NonNullable<AcceptedVerdict['client']>;

/** A user who logged in. Nothing but their roles limits what they may do. */
export interface VerifiedSessionAuth {
  readonly by: 'session';
  /** By which kind of ticket: `jwt`. */
  readonly strategy: string;
  readonly user: VerifiedUser;
  readonly session: VerifiedSession;
}

/** A machine that acts for a user: an API key, or a client with a token of OAuth. */
export interface VerifiedCredentialAuth {
  readonly by: 'credential';
  /** `api-key`, `oauth`, or one of the application's own. */
  readonly strategy: string;
  readonly user: VerifiedUser;
  readonly credential: VerifiedCredential;
  /** What it may do. It may never do more than its user. */
  readonly scopes: readonly string[];
  /** The application that a user has allowed this, or that acts on its own; absent: not by OAuth. */
  readonly client?: VerifiedClient;
}

/** The caller, and the kind of ticket they used. Frozen: one object may stand for many requests. */
export type VerifiedAuth = VerifiedSessionAuth | VerifiedCredentialAuth;

/** A request that a verifier has let in: type your handlers with it. */
export interface VerifiedRequest {
  readonly auth: VerifiedAuth;
}

/**
 * Returns the caller of a request that a verifier has let in: `request.auth`, for where the framework's type does not name it.
 *
 * @throws TypeError for any other request: a route without a verifier
 */
export function authOf(request: object): VerifiedAuth {
  const { auth } = request as Partial<VerifiedRequest>;
  if (auth === undefined) throw new TypeError('no verifier has let this request in');
  return auth;
}
