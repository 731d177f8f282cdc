import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const profileEvents = defineEvents({
  'user.data_exported': 'A user downloaded everything that is kept about them.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof profileEvents> {}
}

/** Those that users see in their own security log. */
export const profileSecurityLog = {
  'user.data_exported': { kind: 'account' },
} as const satisfies Partial<Record<keyof typeof profileEvents, SecurityLogEvent>>;
