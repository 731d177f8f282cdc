import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const passkeyEvents = defineEvents({
  'passkey.registration_failed': 'The registration of a passkey was refused.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof passkeyEvents> {}
}
