import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const oauthProviderEvents = defineEvents({
  'oauth.code.replayed': 'An authorization code came a second time; its grant has ended.',
  'oauth.refresh_token.reused': 'A refresh token came again after its use; its grant has ended.',
  'oauth.client_authentication.failed': 'A client did not prove that it is the one it says it is.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof oauthProviderEvents> {}
}
