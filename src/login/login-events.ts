import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const loginEvents = defineEvents({
  'login.succeeded': 'A user signed in.',
  'login.failed': 'A sign-in was refused; `reason` says why. Names the user who was meant wherever the server knows.',
  'login.enrolment_required':
    'A user proved who they are and must enrol a factor first: their session is good for nothing else.',
  'login.locked':
    'Too many sign-ins failed in a row: the password is refused, from unknown devices or from the one in question.',
  'login.unlocked': 'A lock was lifted, by the mailed link or by an admin.',
  'step_up.succeeded': 'A signed-in user proved again who they are.',
  'step_up.failed': 'A signed-in user failed to prove again who they are.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof loginEvents> {}
}
