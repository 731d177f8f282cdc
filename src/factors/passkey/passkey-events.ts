import { defineEvents, type EventsOf } from '../../audit/audit-events.js';

export const passkeyEvents = defineEvents({
  'passkey.registration_failed': 'The registration of a passkey was refused.',
});

declare module '../../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof passkeyEvents> {}
}
