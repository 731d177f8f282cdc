import { defineEvents, type EventsOf } from '../../../audit/audit-event-types.js';

export const connectionEvents = defineEvents({
  'connection.created': 'An admin created a connection to an outside provider; `connectionId` and `slug` name it.',
  'connection.changed':
    'An admin changed a connection; `changed` names what, `clientSecret` stands for a new secret. `disabled`: whether it is refused now.',
  'connection.deleted': 'An admin deleted a connection; `unlinked` counts the linked logins that went with it.',
  'connection.domain_added':
    'An admin named a domain of a connection; `verified` says whether it counts, `proof` by which word: `dns` or `admin`.',
  'connection.domain_removed': 'An admin took a domain away from a connection.',
});

declare module '../../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof connectionEvents> {}
}
