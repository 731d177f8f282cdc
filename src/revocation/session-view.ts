import type { AuthUser, CustomClaims, SessionMetadata, StrategyName, Transport } from '../kernel/auth-context.js';

/** A session with its user, found by one look-up: all that a node needs to decide about a request. */
export interface SessionSnapshot {
  readonly id: string;
  readonly strategy: StrategyName;
  /** How its tickets travel; null: not known, so nothing may be shown. */
  readonly transport: Transport | null;
  readonly secretHash: string | null;
  readonly createdAt: Date;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
  readonly idleExpiresAt: Date;
  readonly absoluteExpiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly device: string | null;
  readonly amr: readonly string[];
  /** Of its user, by the host; frozen. */
  readonly claims: CustomClaims;
  /** Noted by the host; frozen. */
  readonly metadata: SessionMetadata;
  readonly endedAt: Date | null;
  readonly user: AuthUser;
  /** Until when; null: not at all. Judged at each request, so that a ban ends by itself. */
  readonly userBannedUntil: Date | null;
  /** Whether all sessions of the user were ended since its login began; its own row may not know yet. */
  readonly isSuperseded: boolean;
  /** The admin who acts as the user; null: the user alone. Such a session is looked up at every request. */
  readonly impersonatorId: string | null;
  /** The only purpose of the session; null: it has no such limit. Such a session is looked up at every request. */
  readonly onlyFor: 'enrolment' | null;
}

/** Where snapshots come from. The sessions feature provides it. */
export abstract class SnapshotSource {
  /** Whether every change of what it reads is announced in the feed; only then may a node keep what it has loaded. */
  abstract readonly isAnnounced: boolean;

  /** The session as the stores have it now; null when there is none, or its user is gone. */
  abstract load(sessionId: string): Promise<SessionSnapshot | null>;
}

/** The part of a snapshot that a touch changes. */
export type LastSeen = Pick<SessionSnapshot, 'lastSeenAt' | 'idleExpiresAt'>;

/** This node's view of the sessions. What it answers is as true as what the stores would say at this moment. */
export abstract class SessionView {
  /** Asks the stores unless it is known for certain. */
  abstract find(sessionId: string): Promise<SessionSnapshot | null>;

  /** The snapshot that is certain without a store call; undefined when none is, which says nothing about the session. */
  abstract peek(sessionId: string): SessionSnapshot | undefined;

  /** Asks the stores, whatever is known: of a deadline another node may have moved, they know more. */
  abstract reload(sessionId: string): Promise<SessionSnapshot | null>;

  /** This node has seen the session: its view moves at once, the store's row a little later. */
  abstract see(sessionId: string, touch: LastSeen): void;
}
