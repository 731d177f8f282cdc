import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const credentialEvents = defineEvents({
  'factor.enrolled': 'A user enrolled a factor; `factor` names it.',
  'factor.changed': 'The secret of a factor was replaced.',
  'factor.removed': 'A user removed a factor.',
  'factor.reset':
    'All second factors of a user were removed, by an admin or because the address was proven for the first time.',
  'step_up.succeeded': 'A signed-in user proved again who they are.',
  'step_up.failed': 'A signed-in user failed to prove again who they are.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof credentialEvents> {}
}
