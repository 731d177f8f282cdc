import type { EntityManager } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import type { AuditEventType } from '../audit/audit-event-types.js';
import type { AuditEvent } from '../audit/audit-sink.js';
import type { StrategyName, Transport } from '../kernel/auth-context.js';
import type { PendingGiveBack } from '../limits/pending-give-back.js';
import type { SessionRecord } from './session-record.js';

/** Stands for a time that is unknown: older than anything that has to be fresh may be. */
export const LONG_AGO = new Date(0);

/** The notes of a host for a session that is about to start. */
export type HostNotes = Pick<SessionRecord, 'claims' | 'claimsRevision' | 'metadata'>;

/** Parameters of a new session. */
export interface StartSessionParams extends RequestOrigin {
  readonly strategy: StrategyName;
  readonly transport: Transport;
  readonly amr: readonly string[];
  /** Whether the ticket is a secret of the session (a cookie), rather than a signature over its id. */
  readonly withSecret: boolean;
  /** When its user logged in; absent: now. One that takes another's place is as old as that. */
  readonly createdAt?: Date | undefined;
  /** When factors were last proven; absent: now; null: unknown, and it is fresh for nothing ({@link LONG_AGO}). */
  readonly authenticatedAt?: Date | null | undefined;
  /** All it is to be good for, for at most so long. */
  readonly limit?: { readonly onlyFor: 'enrolment'; readonly seconds: number };
  /** The host's notes on the session and its user, by `SessionClaims`. Absent: none yet. */
  readonly notes?: HostNotes | undefined;
  /** An admin acts as the user. */
  readonly impersonation?: Impersonation;
  /** It takes the place of a session that ends right after, and is none too many beside it. */
  readonly isRenewal?: boolean;
  /** The global session epoch that session was in force in: what has ended everything since has ended this one too. Absent: the one of now. */
  readonly globalEpoch?: number;
  /** The audit event of its beginning. Absent: `session.started`. */
  readonly event?: AuditEventType;
  /** A further event to record once it has started. */
  readonly also?: AuditEvent;
  /** Counts that its start gives back, if the store can do so by the same statement. */
  readonly giveBack?: PendingGiveBack | undefined;
}

/** The audit's details of an end. */
export interface EndDetails {
  /** The audit event of the end. Absent: `session.revoked`. */
  readonly event?: AuditEventType;
  readonly origin?: RequestOrigin | null;
  /** Who ends it, when that is not the user. */
  readonly actorId?: string | null;
  /** A further event to record once it has ended. */
  readonly also?: AuditEvent;
  /** Throws unless it may still be ended; what it locks is locked until it has ended. Absent: it may. */
  readonly ifStill?: (within: EntityManager) => Promise<void>;
}

/** Sessions of one user that the end of an epoch has ended. */
export interface SupersededSessionsParams {
  readonly userId: string;
  /** The user's epoch since then. */
  readonly sessionEpoch: number;
  /** A short fixed word. */
  readonly reason: string;
  /** The one that goes on. */
  readonly exceptId?: string | undefined;
}

/** The admin who acts as the user, and for how long. */
export interface Impersonation {
  readonly adminId: string;
  /** The admin's own session: it ends with that. */
  readonly parentSessionId: string;
  /** As `SessionEpochs.sumOf` the admin. */
  readonly adminEpochSum: number;
  /** When the admin last proved to be one; the user has proven nothing. */
  readonly authenticatedAt: Date;
  readonly seconds: number;
}
