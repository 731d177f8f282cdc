import { randomUUID } from 'node:crypto';
import type { SessionRecord } from '../sessions/session.store.js';

const HOUR = 3_600_000;

/** A live session as of `now`, of a new id. */
export function sessionRecord(
  values: Partial<SessionRecord> & Pick<SessionRecord, 'userId'>,
  now: Date,
): SessionRecord {
  return {
    id: randomUUID(),
    epochSum: 1,
    strategy: 'session',
    transport: 'cookie',
    secretHash: 'x'.repeat(43),
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: new Date(now.getTime() + HOUR),
    absoluteExpiresAt: new Date(now.getTime() + 2 * HOUR),
    ip: null,
    userAgent: null,
    amr: ['pwd'],
    impersonatorId: null,
    impersonatorEpochSum: null,
    onlyFor: null,
    claims: null,
    claimsRevision: null,
    metadata: null,
    endedAt: null,
    endReason: null,
    ...values,
  };
}
