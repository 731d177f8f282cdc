import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const mtlsEvents = defineEvents({
  'certificate.name_added': 'A certificate name was assigned to a service user.',
  'certificate.name_removed': 'A certificate name was removed from a service user.',
  'certificate.revoked': 'A client certificate was revoked.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof mtlsEvents> {}
}
