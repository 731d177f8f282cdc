import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const sessionEvents = defineEvents({
  'session.started': 'A session began other than by a sign-in, e.g. an impersonation.',
  'session.renewed': 'A session took the place of another after a fresh proof or a change of credentials.',
  'session.replaced': 'A session ended because another took its place in the same client.',
  'session.revoked': 'A session was ended before its time; `reason` says why.',
  logout: 'A user signed out.',
  'logout.others': 'A user ended all sessions but the current one.',
  'logout.everywhere': 'A user ended all sessions.',
  'logout.by_admin': 'An admin ended all sessions of a user.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof sessionEvents> {}
}
