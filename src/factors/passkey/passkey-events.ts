import { defineEvents, type EventsOf } from '../../audit/audit-events.js';

export const passkeyEvents = defineEvents({
  'passkey.registration_failed': 'A passkey was refused when it was to be enrolled.',
});

declare module '../../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof passkeyEvents> {}
}
