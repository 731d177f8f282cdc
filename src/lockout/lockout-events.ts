import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const lockoutEvents = defineEvents({
  'login.locked':
    'Too many sign-ins failed in a row: the password is refused, from unknown devices or from the one in question.',
  'login.unlocked': 'A lock was lifted, by the mailed link or by an admin.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof lockoutEvents> {}
}
