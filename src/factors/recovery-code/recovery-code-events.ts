import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const recoveryCodeEvents = defineEvents({
  'recovery_code.used': 'A recovery code was used; `left` is the number of codes that remain.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof recoveryCodeEvents> {}
}
