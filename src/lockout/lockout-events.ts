import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const lockoutEvents = defineEvents({
  'login.locked':
    'Proofs of a user are refused after too many wrong ones in a row: the password from unknown devices, from the device in question, or while logged in (`logged_in`); second factors (`second_factors`).',
  'login.unlocked': 'A lock was lifted, by the link in the e-mail or by an admin.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof lockoutEvents> {}
}

/** Those that users see in their own security log. */
export const lockoutSecurityLog = {
  'login.locked': { kind: 'sign_in' },
  'login.unlocked': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof lockoutEvents, SecurityLogEvent>>;
