import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const sessionEvents = defineEvents({
  'session.started': 'A session started without a login, e.g. by impersonation.',
  'session.renewed': 'A session replaced another one after a step-up or a change of credentials.',
  'session.replaced': 'A session ended because another one replaced it in the same client.',
  'session.revoked': 'A session ended before it expired; `reason` says why.',
  'user.claims_changed': 'The application said that its own claims about a user have changed.',
  logout: 'A user logged out.',
  'logout.others': 'A user ended all sessions except the current one.',
  'logout.everywhere': 'A user ended all their sessions.',
  'logout.by_admin': 'An admin ended all sessions of a user.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof sessionEvents> {}
}

/** Those that tell of the end of one session. */
export const SESSION_ENDS = [
  'session.revoked',
  'session.replaced',
  'logout',
] as const satisfies readonly (keyof typeof sessionEvents)[];

/** Those that users see in their own security log. */
export const sessionSecurityLog = {
  // Also of sessions in which an admin acts as the user, who ends them from an address of their own.
  'session.revoked': { kind: 'sign_in', hidesOrigin: true },
  logout: { kind: 'sign_in', hidesOrigin: true },
  'logout.others': { kind: 'sign_in' },
  'logout.everywhere': { kind: 'sign_in' },
  'logout.by_admin': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof sessionEvents, SecurityLogEvent>>;
