import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const apiKeyEvents = defineEvents({
  'api_key.created': 'An API key was created.',
  'api_key.rotated': 'An API key was replaced by a new one; the old key stays valid for the overlap.',
  'api_key.revoked': 'An API key was revoked.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof apiKeyEvents> {}
}
