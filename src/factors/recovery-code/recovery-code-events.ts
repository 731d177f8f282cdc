import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../../kernel/security-log.js';

export const recoveryCodeEvents = defineEvents({
  'recovery_code.used': 'A recovery code was used; `left` is the number of codes that remain.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof recoveryCodeEvents> {}
}

/** Those that users see in their own security log. */
export const recoveryCodeSecurityLog = {
  'recovery_code.used': { kind: 'credentials', details: ['left'] },
} as const satisfies Partial<Record<keyof typeof recoveryCodeEvents, SecurityLogEvent>>;
