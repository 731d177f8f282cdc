import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';

export const mailEvents = defineEvents({
  'mail.limited': 'An e-mail was not sent because its recipient had received too many.',
  'mail.failed': 'An e-mail was given up after its last attempt.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof mailEvents> {}
}
