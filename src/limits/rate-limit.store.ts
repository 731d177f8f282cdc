import type { DataSource } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';

/** How often something may happen. */
export interface RateLimit {
  /** The counted key: any text. Personal addresses only in the form that `LimitKeys` makes of them. */
  readonly key: string;
  /** At least 1. */
  readonly limit: number;
  /** Counting starts anew so long after the first; refusals prolong nothing. */
  readonly windowSeconds: number;
}

/** A counter after an attempt to add to it. */
export interface Tally {
  /** Whether it was counted; false when the limit had been reached. */
  readonly added: boolean;
  /** The present count, with this one if it was counted. Never above the limit. */
  readonly count: number;
  /** When counting starts anew. */
  readonly resetsAt: Date;
}

/** A key and the window in which it was counted. */
export interface CountedLimit {
  readonly key: string;
  readonly resetsAt: Date;
}

/**
 * Thrown by a store that is in reach but could not count in time. No node counts in its place then, or a client that has a counter locked
 * would win a second budget by it.
 */
export class LimitsNotCounted extends AuthError {
  constructor(cause: unknown) {
    super('unavailable', { reason: 'limits_not_counted', cause, retryAfterSeconds: 1 });
  }
}

/**
 * Where rate limits are counted. Exact: however many nodes add at once, no counter passes its limit. Default: the store that
 * `SESSION_STORE` chose. While it is out of reach, each node counts for itself, and more
 * strictly; while it throws {@link LimitsNotCounted}, requests are refused.
 *
 * `exerciseRateLimitStore` of `coatcheck/testing` proves a replacement.
 *
 * @example
 * class GatewayLimits extends RateLimitStore { ... }
 * AuthModule.forRoot({ ..., providers: [{ provide: RateLimitStore, useClass: GatewayLimits }] })
 */
export abstract class RateLimitStore {
  /** The database in whose table `counters` they are, so that its statements may subtract beside what else they change; null: elsewhere. */
  get countersIn(): DataSource | null {
    return null;
  }

  /**
   * Adds one to each counter in turn, up to the first that has reached its limit: that one ends the answer, and those behind it are not
   * touched, so that a client refused by a coarse limit writes no more than that. Keys differ.
   */
  abstract add(limits: readonly RateLimit[], now: Date): Promise<Tally[]>;

  /** Subtracts one from each counter whose window is still the one counted in; never below 0. In the order they were counted in. */
  abstract subtract(counted: readonly CountedLimit[]): Promise<void>;

  /** Resets the counters. */
  abstract forget(keys: readonly string[]): Promise<void>;
}
