import type { RequestOrigin } from '../../access/request-origin.js';
import type { Actor } from '../../security/actor.js';

/** Who allows, ends or withdraws something, for the audit. */
export interface GrantActor extends Pick<Actor, 'actorSession'> {
  /** Who did it, if not the user: an admin. */
  readonly actorId?: string | null;
  /** Null or absent: it comes from no request. */
  readonly origin?: RequestOrigin | null;
  /** The session that it was done in; absent: none. */
  readonly sessionId?: string | null;
}

/** A grant to be made. */
export interface CreateGrantParams {
  readonly clientId: string;
  /** As the caller has read them (`SessionService.userEpochOf` of the session it was asked in): whatever ended since then ends this, too. */
  readonly user: { readonly id: string; readonly sessionEpoch: number };
  /** The session it ends with; null: it hangs on the user. */
  readonly sessionId: string | null;
  /** The library's grant; JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Absent: with its session, or after `OAUTH_OFFLINE_GRANT_SECONDS`. Never later than that. */
  readonly expiresAt?: Date | undefined;
  /** Whether there must still be a consent of the user's, so that one withdrawn meanwhile counts. Absent: the client needs none. */
  readonly needsConsent?: boolean | undefined;
  readonly by?: GrantActor | undefined;
}

/** Which grants of a user end. */
export interface EndGrantsParams {
  readonly userId: string;
  /** Absent: of all clients. */
  readonly clientId?: string | undefined;
  /** Absent: whatever they hang on. */
  readonly sessionId?: string | undefined;
  /** A short fixed word. */
  readonly reason: string;
  readonly by?: GrantActor | undefined;
}
