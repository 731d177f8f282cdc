import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';

export const clientEvents = defineEvents({
  'oauth.client.created':
    'An admin created an OAuth client; `clientId` names it, `userId` is its service user if it has one.',
  'oauth.client.registered':
    'An OAuth client registered itself (RFC 7591); `tokenId` is the registration token that let it, if one was needed.',
  'oauth.client.updated':
    'An OAuth client was changed by an admin, or by itself (`isOwn`); `changed` names the fields. A field `secret` means that it got a new secret.',
  'oauth.client.deleted':
    'An OAuth client was deleted by an admin, by itself (`isOwn`), because it was not used for 30 days (`reason`, `clientIds`), or because `OAUTH_CLIENTS` does not list it any more, or as disabled (`reason`: `not_listed`).',
  'oauth.resource.saved': 'An admin described an API that tokens are issued for; `resource` is its URI.',
  'oauth.resource.deleted': 'An admin deleted the description of an API; `resource` is its URI.',
  'oauth.registration_token.created': 'An admin created a token that lets OAuth clients register.',
  'oauth.registration_token.deleted': 'An admin deleted a token that lets OAuth clients register.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof clientEvents> {}
}
