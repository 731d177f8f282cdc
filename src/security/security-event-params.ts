import type { RequestOrigin } from '../access/request-origin.js';
import type { AuthError } from '../kernel/auth-error.js';
import type { UserRecord } from '../users/user.store.js';
import type { Actor } from './actor.js';
import type { EndingOne } from './holding.js';
import type { SecurityColumn } from './security-table.js';

/** As the audit keeps them beside the event. */
export type SecurityEventDetails = Readonly<Record<string, unknown>>;

/** Whose account it is, and what is known of the event. */
export interface SecurityEventParams extends Pick<Actor, 'actorSession'> {
  readonly userId: string;
  /** Null: it comes from no request. */
  readonly origin: RequestOrigin | null;
  /** Who caused it, when that is not the user: an admin. */
  readonly actorId?: string | null;
  /** The admin's reason, for the audit. */
  readonly reason?: string | undefined;
  /** Further details for the audit, of the user as of before the event; no secrets. */
  readonly details?: SecurityEventDetails | ((user: UserRecord) => SecurityEventDetails) | undefined;
  /** In which session, for the audit; where the table ends the others, it goes on. */
  readonly exceptSessionId?: string | undefined;
  /** When what the event is about came about: `since` of the table. */
  readonly since?: Date | undefined;
  /** Proven by the event: where a link to a new password goes, instead of the account's address. */
  readonly mailbox?: string | undefined;
  /** The one factor that the event is about: `one` of the table. */
  readonly one?: EndingOne | undefined;
  /** The user's epoch as the caller read it; compared after the lock. Null: the caller found that their session has ended. */
  readonly epoch?: number | null | undefined;
  /** Columns whose holdings the change itself replaces, e.g. the password: they do not end. */
  readonly replaces?: readonly SecurityColumn[] | undefined;
  /** Whether the user's new roles ask for more than the old did: `insufficient` of the table. */
  readonly isMoreRequired?: ((before: UserRecord) => boolean) | undefined;
  /** Thrown when there is no such user. Default: `not_found`. */
  readonly ifGone?: AuthError | undefined;
  /** Thrown when the epoch is another one. Default: `session_ended`. */
  readonly ifSuperseded?: AuthError | undefined;
}
