import { defineEvents, type EventsOf } from '../audit/audit-event-types.js';
import type { SecurityLogEvent } from '../kernel/security-log.js';

export const credentialEvents = defineEvents({
  'factor.enrolled': 'A user enrolled a factor; `factor` names it.',
  'factor.changed': 'A factor was replaced, e.g. by new recovery codes.',
  'factor.removed': 'A user removed a factor.',
  'factor.reset':
    'All second factors of a user were removed, e.g. by an admin or because the e-mail address was verified for the first time.',
  'step_up.succeeded': 'A logged-in user proved their identity again.',
  'step_up.failed': 'A logged-in user failed to prove their identity again.',
  'step_up.unavailable':
    'A step-up could not be judged, and counts as no attempt: the server was overloaded, or something that it needs was out of reach; `reason` says which.',
});

declare module '../audit/audit-event-types.js' {
  interface AuditEvents extends EventsOf<typeof credentialEvents> {}
}

/** Those that users see in their own security log. */
export const credentialSecurityLog = {
  'factor.enrolled': { kind: 'credentials', details: ['factor'] },
  'factor.changed': { kind: 'credentials', details: ['factor'] },
  'factor.removed': { kind: 'credentials', details: ['factor'] },
  'factor.reset': { kind: 'credentials' },
  'step_up.succeeded': { kind: 'sign_in' },
  'step_up.failed': { kind: 'sign_in' },
} as const satisfies Partial<Record<keyof typeof credentialEvents, SecurityLogEvent>>;
