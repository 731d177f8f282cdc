import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const adminEvents = defineEvents({
  'admin.bootstrapped': 'The first admin was created with the bootstrap token.',
  'admin.revoked_all': 'An admin ended all sessions and revoked all API keys.',
  'impersonation.started': 'An admin started to act as a user; `actorId` is the admin.',
  'invitation.created': 'An admin invited a person by e-mail; `roles` are the roles of the future user.',
  'invitation.accepted': 'An invited person used the link and became a user.',
  'invitation.withdrawn': 'An admin withdrew an invitation.',
  'audit.exported': 'An admin exported the audit log.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof adminEvents> {}
}

/** Those that users see in their own security log. */
export const adminSecurityLog = {
  'impersonation.started': { kind: 'sign_in' },
  'invitation.accepted': { kind: 'account' },
} as const satisfies Partial<Record<keyof typeof adminEvents, SecurityLogEvent>>;
