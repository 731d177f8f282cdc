import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const oauthLogoutEvents = defineEvents({
  'oauth.logout.undelivered':
    'A client was not told of the end of a session: ten tries in three days have failed; `reason` says how the last one did.',
  'oauth.logout.revived':
    'An admin had a client told again what had been given up; `revived` is the number of notices.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof oauthLogoutEvents> {}
}
