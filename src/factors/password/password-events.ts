import { defineEvents, type EventsOf } from '../../audit/audit-events.js';

export const passwordEvents = defineEvents({
  'user.registered': 'Somebody registered an address; nobody has proven it yet.',
  'user.imported': 'A user was imported from another system; `roles` are theirs.',
  'user.migrated': 'A user of another system signed in here for the first time.',
  'password.changed': 'A user changed their password.',
  'password.reset': 'A password was set by a mailed link.',
  'password.reset_requested': 'An admin had a link mailed to reset a password.',
  'password.choice_offered':
    'A mailbox was proven where several passwords were waiting, or none that counts: a new one is to be chosen.',
  'password.reset_mailed': 'A link to reset a password was mailed.',
});

declare module '../../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof passwordEvents> {}
}
