import { defineEvents, type EventsOf } from '../../audit/audit-events.js';

export const mtlsEvents = defineEvents({
  'certificate.name_added': 'Certificates with a name were assigned to a service user.',
  'certificate.name_removed': 'Certificates with a name are no longer those of a service user.',
  'certificate.revoked': 'A client certificate was revoked.',
});

declare module '../../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof mtlsEvents> {}
}
