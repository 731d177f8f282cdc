import type { AuthSession } from '../kernel/auth-context.js';
import type { DeliveredTickets, Login } from '../sessions/ticket-delivery.js';
import type { LoginTicket } from './pending-login/pending-logins.js';

/** Result of a login that requires a proof of one of these factors next. */
export interface FactorRequired extends LoginTicket {
  readonly status: 'factor_required';
  readonly factors: readonly string[];
}

/** Result of a login whose session may only enrol one of these factors. */
export interface EnrolmentRequired {
  readonly status: 'enrolment_required';
  readonly factors: readonly string[];
  readonly session: AuthSession;
  readonly tickets: DeliveredTickets;
}

/** Result of a step of a login: a session, or what is required next. */
export type LoginResult = Login | FactorRequired | EnrolmentRequired;
