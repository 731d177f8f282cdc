import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';

export const adminEvents = defineEvents({
  'admin.bootstrapped': 'The first admin was created with the bootstrap token.',
  'admin.revoked_all': 'An admin ended all sessions and revoked all API keys.',
  'impersonation.started': 'An admin started to act as a user; `actorId` is the admin.',
  'audit.exported': 'An admin exported the audit log.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof adminEvents> {}
}
