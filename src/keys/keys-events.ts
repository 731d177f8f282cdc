import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';

export const keysEvents = defineEvents({
  'signing_key.rotated': 'Access tokens are signed with a new key.',
  'signing_key.withdrawn': 'Access tokens signed with older keys are no longer accepted.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof keysEvents> {}
}
