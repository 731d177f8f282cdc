import type { Strategy as PassportStrategy } from 'passport';
import type { AuthContext, StrategyName } from '../kernel/auth-context.js';
import type { HttpReply, HttpRequest } from './http-exchange.js';

/** A ticket as a request carries it, nothing about it checked yet. */
export interface Ticket {
  readonly value: string;
  /** Browsers send cookies, and show certificates, by themselves: neither proves that the page meant it (CSRF). */
  readonly carrier: 'cookie' | 'header' | 'connection';
}

/**
 * One way a later request is recognised: a Passport strategy that also tells, without judging, what a request carries.
 * Its `authenticate` is given the ticket as `options.ticket`, and must call `success(context)` with an `AuthContext`, or
 * `error(authError)`.
 *
 * A new one is a folder under `strategies/` exporting a `Feature` that lists its class under `strategies`; it is switched on by
 * naming it in `AUTH_STRATEGIES`.
 */
export interface Strategy extends PassportStrategy {
  readonly name: StrategyName;

  /** Its ticket belongs to the connection, and counts only when the request itself carries none. */
  readonly isOfConnection?: boolean;

  /**
   * Whether it refuses banned and deleted users itself, as those do whose view of a credential knows them. Absent: the guard asks, so that
   * nobody passes by a strategy that thinks of its tickets only.
   */
  readonly checksUserStatus?: boolean;

  authenticate(request: object, options: { readonly ticket: Ticket }): void;

  /** Every ticket of this kind in the request; two different ones are refused before anything is looked up. */
  ticketsOf(request: HttpRequest): Ticket[];

  /**
   * How a request that was recognised is counted under the limits of its ticket: called when the guard has let it pass, it may
   * write headers, and throws `rate_limited`. Undefined: the ticket has none.
   */
  chargeFor?(context: AuthContext): ((reply: HttpReply) => Promise<void>) | undefined;
}

/** DI token of every strategy the features bring, switched on or not. */
export const ALL_STRATEGIES = Symbol('coatcheck.allStrategies');

/** DI token of all strategies that are switched on, in the order of `AUTH_STRATEGIES`. */
export const STRATEGIES = Symbol('coatcheck.strategies');

/** DI token of this AuthModule's own `passport.Authenticator`, so that two apps in one process stay apart. */
export const AUTHENTICATOR = Symbol('coatcheck.authenticator');
