import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const webhookEvents = defineEvents({
  'webhook.revived': 'An admin had deliveries tried again that had been given up; `revived` says how many.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof webhookEvents> {}
}
