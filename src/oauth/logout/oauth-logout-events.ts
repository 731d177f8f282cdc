import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const oauthLogoutEvents = defineEvents({
  'oauth.logout.undelivered':
    'A client was not told of the end of a session: ten tries in three days have failed; `reason` says how the last one did.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof oauthLogoutEvents> {}
}
