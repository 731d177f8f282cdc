import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const loginEvents = defineEvents({
  'login.succeeded': 'A user signed in.',
  'login.failed': 'A sign-in was refused; `reason` says why. Names the user who was meant wherever the server knows.',
  'login.enrolment_required':
    'A user proved who they are and must enrol a factor first: their session is good for nothing else.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof loginEvents> {}
}
