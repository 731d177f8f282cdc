import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { UserLogEvent } from '../kernel/user-log.js';

export const lockoutEvents = defineEvents({
  'login.locked':
    'A user was locked after too many failed logins in a row: the password is refused from unknown devices, or from the device in question.',
  'login.unlocked': 'A lock was lifted, by the link in the e-mail or by an admin.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof lockoutEvents> {}
}

/** Those that users see in their own security log. */
export const lockoutUserLog = {
  'login.locked': { kind: 'sign_in' },
  'login.unlocked': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof lockoutEvents, UserLogEvent>>;
