import { defineEvents, type EventsOf } from '../../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../../kernel/security-log.js';

export const jwtEvents = defineEvents({
  'refresh_token.reused': 'A used refresh token was sent again, so it may have been copied. The session was ended.',
});

declare module '../../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof jwtEvents> {}
}

/** Those that users see in their own security log. */
export const jwtSecurityLog = {
  'refresh_token.reused': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof jwtEvents, SecurityLogEvent>>;
