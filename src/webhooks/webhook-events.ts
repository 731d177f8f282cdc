import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';

export const webhookEvents = defineEvents({
  'webhook.tested': 'An admin sent a test to a webhook; `delivered` says whether it was accepted.',
  'webhook.revived': 'An admin retried deliveries that had been given up; `revived` is their number.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof webhookEvents> {}
}
