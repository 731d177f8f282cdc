import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const loginEvents = defineEvents({
  'login.succeeded': 'A user logged in.',
  'login.failed':
    'A login was refused; `reason` says why. Names the intended user whenever the server knows who was meant.',
  'login.unavailable':
    'A login could not be judged or completed, and counts as no attempt: the server was overloaded, or something that it needs was out of reach; `reason` says which.',
  'login.enrolment_required': 'A user logged in but must enrol a factor first: the session is limited to that.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof loginEvents> {}
}

/** Those that users see in their own security log. */
export const loginSecurityLog = {
  'login.succeeded': { kind: 'sign_in' },
  'login.failed': { kind: 'sign_in' },
  'login.enrolment_required': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof loginEvents, SecurityLogEvent>>;
