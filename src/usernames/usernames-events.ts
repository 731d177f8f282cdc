import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const usernamesEvents = defineEvents({
  'username.changed': 'A user chose or changed their username.',
  'username.removed': 'A user gave up their username.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof usernamesEvents> {}
}

/** Those that users see in their own security log. */
export const usernamesSecurityLog = {
  'username.changed': { kind: 'account' },
  'username.removed': { kind: 'account' },
} as const satisfies Partial<Record<keyof typeof usernamesEvents, SecurityLogEvent>>;
