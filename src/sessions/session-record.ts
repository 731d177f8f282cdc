import type { CustomClaims, SessionMetadata, StrategyName, Transport } from '../kernel/auth-context.js';

/** A session as stored: the result of a login, and the root of everything that can be revoked. */
export interface SessionRecord {
  /** Random UUID (version 4). */
  readonly id: string;
  readonly userId: string;
  /** `SessionEpochs.sumOf` its user when its login began. While that sum is another one, the session is over. */
  readonly epochSum: number;
  readonly strategy: StrategyName;
  /** How its tickets travel; null, of unknown origin: as `cookie`, which shows nothing. */
  readonly transport: Transport | null;
  /** Of the cookie's secret, `hashSecret`; null where the ticket is proven otherwise (an access token's signature). */
  readonly secretHash: string | null;
  readonly createdAt: Date;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
  /** Moves with `lastSeenAt`. */
  readonly idleExpiresAt: Date;
  /** Never moves. */
  readonly absoluteExpiresAt: Date;
  /** At most 45 characters. */
  readonly ip: string | null;
  /** At most 512 characters. */
  readonly userAgent: string | null;
  readonly amr: readonly string[];
  /** The admin who acts as the user; null: the user alone. */
  readonly impersonatorId: string | null;
  /** `SessionEpochs.sumOf` that admin when it began: the session is over while it is another one. */
  readonly impersonatorEpochSum: number | null;
  /** The only purpose of the session; null: it has no such limit. */
  readonly onlyFor: 'enrolment' | null;
  /** Of its user, by the `ClaimsSource`; null: none. */
  readonly claims: CustomClaims | null;
  /** The user's `revision` that the claims belong to; null: it has none. */
  readonly claimsRevision: number | null;
  /** Null: none. */
  readonly metadata: SessionMetadata | null;
  /** Set once, when the session was revoked. A row that merely ran out keeps null. */
  readonly endedAt: Date | null;
  /** Why it was revoked: a short fixed word such as `logout`. */
  readonly endReason: string | null;
}
