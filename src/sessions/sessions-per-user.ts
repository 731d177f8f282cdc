import type { PendingAuditEvents } from '../audit/pending-audit-events.js';
import type { EpochInForce } from './live-part.js';

/** How many live sessions a user may have. */
export interface SessionsPerUser {
  /** At least 1. */
  readonly most: number;
  /** Others are over, and count as none. */
  readonly inForce: EpochInForce;
  /** Why the oldest end. */
  readonly endReason: string;
  /** The events to record for each session that ends; a store in the audit's database writes them. */
  readonly pendingEvents?: PendingAuditEvents | undefined;
}

/** The most sessions that one login ends: its work must not depend on how many there are. */
export const MOST_ENDED_BY_BOUND = 100;
