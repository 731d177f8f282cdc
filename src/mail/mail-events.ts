import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const mailEvents = defineEvents({
  'mail.limited': 'A mail was not written because its recipient has had too many.',
  'mail.failed': 'A mail was given up after its last attempt.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof mailEvents> {}
}
