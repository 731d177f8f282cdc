import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';

export const limitEvents = defineEvents({
  'limit.exceeded': 'A request was refused because a rate limit was exceeded; `reason` names the limit.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof limitEvents> {}
}
