import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const federatedEvents = defineEvents({
  'identity.linked': 'A login with an outside provider was linked to a user; `by` says how.',
  'identity.unlinked': 'A user removed a linked login.',
  'identity.link_refused': 'A login with an outside provider could not be linked to a user; `reason` says why.',
  'user.provisioned': 'A login with an outside provider created a user.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof federatedEvents> {}
}
