import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../../kernel/security-log.js';

export const passwordEvents = defineEvents({
  'user.registered': 'An address was registered; it is not verified yet.',
  'user.imported': 'A user was imported from another system; `roles` are the roles of the user.',
  'user.migrated': 'A user of another system logged in here for the first time.',
  'password.changed': 'A user changed their password.',
  'password.reset': 'A password was set with a link from an e-mail.',
  'password.reset_requested': 'An admin sent a user a password reset link.',
  'password.choice_offered':
    'The user must choose a password after verifying a mailbox, because several passwords were pending or none is valid.',
  'password.reset_mailed': 'A password reset link was sent.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof passwordEvents> {}
}

/** Those that users see in their own security log. */
export const passwordSecurityLog = {
  'user.registered': { kind: 'account' },
  'user.imported': { kind: 'account' },
  'user.migrated': { kind: 'account' },
  'password.changed': { kind: 'credentials' },
  'password.reset': { kind: 'credentials' },
  'password.reset_requested': { kind: 'credentials' },
  'password.reset_mailed': { kind: 'credentials' },
} as const satisfies Partial<Record<keyof typeof passwordEvents, SecurityLogEvent>>;
