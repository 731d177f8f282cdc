import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../../kernel/security-log.js';

export const oauthGrantsEvents = defineEvents({
  'oauth.grant.created': 'A user let a client act for them; `isOffline` says whether it goes on without the session.',
  'oauth.grant.revoked': 'What a user had allowed a client has ended; `reason` says why.',
  'oauth.consent.given': 'A user agreed to scopes of a client.',
  'oauth.consent.denied': 'A user did not agree to what a client asked for.',
  'oauth.consent.withdrawn': 'A user withdrew their consent from a client, which ended all its access.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof oauthGrantsEvents> {}
}

/** Those that users see in their own security log. */
export const oauthGrantsSecurityLog = {
  'oauth.grant.created': { kind: 'sign_in', details: ['clientId'] },
  'oauth.grant.revoked': { kind: 'sign_in', details: ['clientId'], hidesOrigin: true },
  'oauth.consent.given': { kind: 'account', details: ['clientId'] },
  'oauth.consent.withdrawn': { kind: 'account', details: ['clientId'] },
} as const satisfies Partial<Record<keyof typeof oauthGrantsEvents, SecurityLogEvent>>;
