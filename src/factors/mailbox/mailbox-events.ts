import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../../kernel/security-log.js';

export const mailboxEvents = defineEvents({
  'login.mail_sent': 'A link or code to sign in with was sent to a user.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof mailboxEvents> {}
}

/** Those that users see in their own security log. */
export const mailboxSecurityLog = {
  'login.mail_sent': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof mailboxEvents, SecurityLogEvent>>;
