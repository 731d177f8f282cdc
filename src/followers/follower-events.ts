import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';

export const followerEvents = defineEvents({
  'follower.joined': 'A service began to follow revocations at this node, with an API key of the scope `verify`.',
  'follower.left': 'A service has followed no revocations at this node for a minute.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof followerEvents> {}
}
