import { randomUUID } from 'node:crypto';
import type { SessionRecord } from '../../src/sessions/session.store.js';

/** A live session of the system's now, of a user of its own unless one is given. */
export function aSession(values: Partial<SessionRecord> = {}): SessionRecord {
  const now = new Date();
  const later = new Date(now.getTime() + 3_600_000);
  return {
    id: randomUUID(),
    userId: randomUUID(),
    epochSum: 1,
    impersonatorId: null,
    onlyFor: null,
    transport: 'split',
    impersonatorEpochSum: null,
    strategy: 'session',
    secretHash: 'x'.repeat(43),
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: later,
    absoluteExpiresAt: later,
    ip: null,
    userAgent: null,
    amr: ['pwd'],
    claims: null,
    claimsRevision: null,
    metadata: null,
    endedAt: null,
    endReason: null,
    ...values,
  };
}

/** What no store may take for an id: verbs, line breaks, nothing, far too much. */
export const NO_IDS = ['', 'get sentinel', 'a\r\nflush_all\r\n', '%00', '\u0000', '*', '{x}', 'x'.repeat(5000)];
