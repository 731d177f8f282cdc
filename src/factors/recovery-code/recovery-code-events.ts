import { defineEvents, type EventsOf } from '../../audit/audit-events.js';

export const recoveryCodeEvents = defineEvents({
  'recovery_code.used': 'A recovery code was used; `left` says how many remain.',
});

declare module '../../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof recoveryCodeEvents> {}
}
