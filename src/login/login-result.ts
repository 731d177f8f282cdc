import type { AuthSession } from '../kernel/auth-context.js';
import type { DeliveredTickets, Login } from '../sessions/ticket-delivery.js';
import type { LoginTicket } from './pending-login/pending-logins.js';

/** A login that goes on: a proof of one of these factors is due. */
export interface FactorRequired extends LoginTicket {
  readonly status: 'factor_required';
  readonly factors: readonly string[];
}

/** A login that ends in a session good for enrolling one of these factors, and nothing else. */
export interface EnrolmentRequired {
  readonly status: 'enrolment_required';
  readonly factors: readonly string[];
  readonly session: AuthSession;
  readonly tickets: DeliveredTickets;
}

/** Result of a successful verification. */
export type LoginResult = Login | FactorRequired | EnrolmentRequired;
