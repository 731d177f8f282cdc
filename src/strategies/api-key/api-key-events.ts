import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../../kernel/security-log.js';

export const apiKeyEvents = defineEvents({
  'api_key.created': 'An API key was created.',
  'api_key.rotated': 'An API key was replaced by a new one; the old key stays valid for the overlap.',
  'api_key.revoked': 'An API key was revoked.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof apiKeyEvents> {}
}

/** Those that users see in their own security log. */
export const apiKeySecurityLog = {
  'api_key.created': { kind: 'api_keys', details: ['keyId'] },
  'api_key.rotated': { kind: 'api_keys', details: ['keyId'] },
  'api_key.revoked': { kind: 'api_keys', details: ['keyId'] },
} as const satisfies Partial<Record<keyof typeof apiKeyEvents, SecurityLogEvent>>;
