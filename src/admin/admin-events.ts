import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const adminEvents = defineEvents({
  'admin.bootstrapped': 'The first admin was created with the bootstrap token.',
  'admin.revoked_all': 'An admin ended every session and key of everyone.',
  'impersonation.started': 'An admin began to act as a user; `actorId` is the admin.',
  'audit.exported': 'An admin exported the audit.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof adminEvents> {}
}
