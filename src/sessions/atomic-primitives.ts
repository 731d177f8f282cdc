import type { DataSource } from 'typeorm';

/** A counter after an attempt to add to it. */
export interface Count {
  /** Whether this attempt was counted; false when the limit had been reached. */
  readonly added: boolean;
  /** The present count, this attempt included if it was counted. Never above the limit. */
  readonly count: number;
  /** When counting starts anew. */
  readonly resetsAt: Date;
}

/** How far a counter may go. */
export interface Allowance {
  /** At least 1. */
  readonly limit: number;
  /** Counting starts anew so long after the first addition; refused attempts prolong nothing. */
  readonly windowSeconds: number;
  readonly now: Date;
}

/** One counter among several. */
export interface Addition extends Allowance {
  readonly key: string;
}

/** An addition that was counted: the key, and the end of the window it was counted in. */
export interface CountedAddition {
  readonly key: string;
  readonly resetsAt: Date;
}

/**
 * The few steps that must have one winner however many nodes take them at once. Every `Storage` brings them.
 *
 * What may be done is what is *there*: `consumeOnce` and `compareAndAdvance` refuse what was never offered, has expired, or
 * was lost. So a store that forgets (a cache under pressure, a restart) refuses something good and never allows it twice; a
 * mark "used already" would do the opposite. A counter that is forgotten starts anew.
 *
 * Keys are any text, such as `login:<id>`; only their SHA-256 reaches a store. An offer and a counter of one key are apart.
 * `exerciseAtomicPrimitives` of `coatcheck/testing` proves a replacement.
 *
 * @example
 * await atomics.offer(`link:${id}`, 0, { expiresAt: clock.in(600), now: clock.now() });
 * if (!(await atomics.consumeOnce(`link:${id}`, clock.now()))) throw new AuthError('invalid_token');
 */
export abstract class AtomicPrimitives {
  /** The database in whose table `counters` its counters are; null: elsewhere. */
  get countersIn(): DataSource | null {
    return null;
  }

  /**
   * Puts `value`, a whole number from 0, under `key` until just before `expiresAt`. False, and no change, when something
   * stands there: of several at once exactly one receives true.
   */
  abstract offer(key: string, value: number, validity: { expiresAt: Date; now: Date }): Promise<boolean>;

  /** Takes the offer away. Exactly one caller receives true; false when there is none (any more). */
  abstract consumeOnce(key: string, now: Date): Promise<boolean>;

  /**
   * Moves the offer from exactly `expected` to `next`, which is greater; its deadline stays. Of several with one `expected`
   * exactly one receives true; false when another value, or none, stands there.
   *
   * @throws RangeError when `next` is not greater: what was passed stays passed
   */
  abstract compareAndAdvance(key: string, step: { expected: number; next: number; now: Date }): Promise<boolean>;

  /** Adds one unless the limit has been reached; however many at once, the limit is never exceeded. */
  abstract addIfBelow(key: string, allowance: Allowance): Promise<Count>;

  /**
   * `addIfBelow` for several counters in turn, up to the first that refuses: those behind it are not touched. Answers in the order
   * given, and ends with the one that refused. A store that can do this in one step should. Callers name the counters they share in
   * one order everywhere, or two could wait for each other.
   */
  async addInTurn(additions: readonly Addition[]): Promise<Count[]> {
    const counts: Count[] = [];
    for (const { key, ...allowance } of additions) {
      const count = await this.addIfBelow(key, allowance);
      counts.push(count);
      if (!count.added) break;
    }
    return counts;
  }

  /** Subtracts one from each counter whose window is still the one counted in; never below 0. In the order they were counted in. */
  abstract subtract(counted: readonly CountedAddition[]): Promise<void>;

  /** Has counting start anew. */
  abstract forget(keys: readonly string[]): Promise<void>;
}

/** @throws RangeError unless the step goes forward */
export function assertAdvance({ expected, next }: { expected: number; next: number }): void {
  if (!(Number.isSafeInteger(expected) && Number.isSafeInteger(next) && expected >= 0 && next > expected)) {
    throw new RangeError('compareAndAdvance only moves forward');
  }
}

/** @throws RangeError for a limit or a window that would refuse everything or count nothing */
export function assertAllowance({ limit, windowSeconds }: Allowance): void {
  if (!(Number.isSafeInteger(limit) && limit >= 1)) throw new RangeError('limit must be a whole number from 1');
  if (!(windowSeconds > 0)) throw new RangeError('windowSeconds must be positive');
}
