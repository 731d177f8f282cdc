import { defineEvents, type EventsOf } from '../../../audit/audit-event-types.js';

export const recheckEvents = defineEvents({
  'federated.session_ended':
    'A session ended because the login with an outside provider that it rested on did; `reason` says why, `connectionId` with whom.',
});

declare module '../../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof recheckEvents> {}
}
