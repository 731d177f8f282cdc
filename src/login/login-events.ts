import { defineEvents, type EventsOf } from '../audit/audit-events.js';

export const loginEvents = defineEvents({
  'login.succeeded': 'A user logged in.',
  'login.failed':
    'A login was refused; `reason` says why. Names the intended user whenever the server knows who was meant.',
  'login.enrolment_required': 'A user logged in but must enrol a factor first: the session is limited to that.',
  'login.locked':
    'A user was locked after too many failed logins in a row: the password is refused from unknown devices, or from the device in question.',
  'login.unlocked': 'A lock was lifted, by the link in the e-mail or by an admin.',
  'step_up.succeeded': 'A logged-in user proved their identity again.',
  'step_up.failed': 'A logged-in user failed to prove their identity again.',
});

declare module '../audit/audit-events.js' {
  interface AuditEvents extends EventsOf<typeof loginEvents> {}
}
