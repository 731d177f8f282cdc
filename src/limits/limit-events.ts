import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const limitEvents = defineEvents({
  'limit.exceeded': 'A request was refused because a rate limit was exceeded; `reason` names the limit.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof limitEvents> {}
}
