import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const userEvents = defineEvents({
  'user.created': 'An admin created a user.',
  'user.updated': 'An admin changed a user; `fields` names the changed fields.',
  'user.roles_changed': 'An admin changed the roles of a user; `roles` are the new ones.',
  'user.banned': 'A user was banned.',
  'user.unbanned': 'The ban of a user was lifted.',
  'user.deleted': 'A user was deleted.',
  'email.verified': 'A user proved that the mailbox of their e-mail address is theirs.',
  'email.change_requested': 'A user requested a change of their e-mail address; nothing has changed yet.',
  'email.changed': 'The e-mail address of a user was changed.',
  'email.changed_by_admin': 'An admin changed the e-mail address of a user.',
  'takeover.reported': 'A user reported that a change to their account was not theirs; everything was ended.',
  'email.change_undone': 'A change of e-mail address was undone from the former mailbox.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof userEvents> {}
}

/** Those that users see in their own security log. */
export const accountSecurityLog = {
  'user.created': { kind: 'account' },
  'user.updated': { kind: 'account' },
  'user.roles_changed': { kind: 'account' },
  'user.banned': { kind: 'account' },
  'user.unbanned': { kind: 'account' },
  'email.verified': { kind: 'account' },
  'email.change_requested': { kind: 'account' },
  'email.changed': { kind: 'account' },
  'email.changed_by_admin': { kind: 'account' },
  'email.change_undone': { kind: 'account' },
  'takeover.reported': { kind: 'account' },
} as const satisfies Partial<Record<keyof typeof userEvents, SecurityLogEvent>>;
