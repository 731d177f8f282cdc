import type { AuditEventType } from '../audit/audit-event-types.js';
import { SESSION_ENDS } from '../sessions/session-events.js';
import { AUDITED_AS } from './security-table.js';

/**
 * Types of all events after which sessions may be over: of one (`sessionId`), of those of a user (`userId`, without a session that is named
 * as going on), or of everyone. A team may have its security events end more or less, so a listener that hears of one looks at the sessions. Not
 * among them: sessions that expire, of which nothing tells.
 */
export const ENDS_OF_SESSIONS: readonly AuditEventType[] = [
  ...new Set([...SESSION_ENDS, ...Object.values(AUDITED_AS)]),
];
