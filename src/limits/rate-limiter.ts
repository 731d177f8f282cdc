import { Injectable, Logger } from '@nestjs/common';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { outsideDeadline } from '../kernel/deadline.js';
import { LocalBuckets } from './local-buckets.js';
import { LimitsNotCounted, type RateLimit, RateLimitStore, type Tally } from './rate-limit.store.js';

/** A store that failed is not asked again for so long: each of a flood would wait for it. */
const PAUSE_MS = 1_000;
/** While each node counts for itself, each allows this part of the limit. */
const STRICTER = 4;

/** The result of counting a request under one or several limits. */
export interface Taken {
  /** Whether all of them had room. Otherwise none has counted it. */
  readonly admitted: boolean;
  /** Each limit that was asked, with its counter, in the order given: up to the first that was full. */
  readonly counts: readonly (RateLimit & Tally)[];
  /** The first that was full; undefined when admitted. */
  readonly full: (RateLimit & Tally) | undefined;
  /** Who counted. */
  readonly store: RateLimitStore;
}

/**
 * Counts requests under limits. Never off: while the store is out of reach, this node counts for itself. A store that is only busy is not
 * out of reach: what it could not count is refused.
 */
@Injectable()
export class RateLimiter {
  private readonly logger = new Logger('limits');
  private readonly local = new LocalBuckets();
  private readonly node = new LocalBuckets();
  private pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: RateLimitStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one request under all of these limits, or under none. The coarsest comes first: where that is full, no other counter is
   * touched.
   *
   * @throws LimitsNotCounted when the store is there and could not count in time
   */
  async take(limits: readonly RateLimit[]): Promise<Taken> {
    if (performance.now() < this.pausedUntil) return this.takeLocally(limits);
    try {
      return await this.takeFrom(this.store, limits);
    } catch (error) {
      if (error instanceof LimitsNotCounted) throw error;
      this.pause(error);
      return this.takeLocally(limits);
    }
  }

  /**
   * The same, but never counted by one node: for what is sold or shared out by the piece.
   *
   * @throws AuthError `unavailable` while the store is out of reach
   */
  async takeExactly(limits: readonly RateLimit[]): Promise<Taken> {
    try {
      return await this.takeFrom(this.store, limits);
    } catch (cause) {
      throw new AuthError('unavailable', { reason: 'limits_not_counted', cause, retryAfterSeconds: PAUSE_MS / 1000 });
    }
  }

  /** The same at once, counted by this node alone and without a call to any store: for routes that answer from this node's view. */
  takeHere(limits: readonly RateLimit[]): Taken {
    const taken = takenOf(this.node, limits, this.node.addNow(limits, this.clock.now()));
    this.node.subtractNow(inVain(taken));
    return taken;
  }

  /** Whether one of these is full here already, and which: for what is counted only once it has happened. Counts nothing. */
  fullHere(limits: readonly RateLimit[]): (RateLimit & Tally) | undefined {
    return this.node.fullAmong(limits, this.clock.now());
  }

  /** Gives back what was taken: the counters subtract it. Throws nothing: what cannot be given back expires. */
  async giveBack({ admitted, counts, store }: Taken): Promise<void> {
    if (!admitted || counts.length === 0) return;
    // Also of a request that was turned away meanwhile: it has used nothing up.
    await outsideDeadline(() => store.subtract(counts)).catch((error) => this.pause(error));
  }

  /** Resets the counters. Throws nothing. */
  async forget(keys: readonly string[]): Promise<void> {
    await this.local.forget(keys);
    await this.store.forget(keys).catch((error) => this.pause(error));
  }

  private async takeFrom(store: RateLimitStore, limits: readonly RateLimit[]): Promise<Taken> {
    if (limits.length === 0) return { admitted: true, counts: [], full: undefined, store };
    const taken = takenOf(store, limits, await store.add(limits, this.clock.now()));
    const counted = inVain(taken);
    if (counted.length > 0) await store.subtract(counted);
    return taken;
  }

  private takeLocally(limits: readonly RateLimit[]): Promise<Taken> {
    const strict = limits.map((limit) => ({ ...limit, limit: Math.max(1, Math.floor(limit.limit / STRICTER)) }));
    return this.takeFrom(this.local, strict);
  }

  private pause(error: unknown): void {
    if (error instanceof LimitsNotCounted) {
      this.logger.warn('a rate limit counter was busy and was not corrected; it expires by itself');
      return;
    }
    if (performance.now() >= this.pausedUntil) {
      this.logger.warn(
        `rate limits are counted by this node only: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    }
    this.pausedUntil = performance.now() + PAUSE_MS;
  }
}

function takenOf(store: RateLimitStore, limits: readonly RateLimit[], tallies: readonly Tally[]): Taken {
  const counts = tallies.map(({ added, count, resetsAt }, i) => {
    const { key, limit, windowSeconds } = limits[i]!;
    return { key, limit, windowSeconds, added, count, resetsAt };
  });
  const full = counts.find(({ added }) => !added);
  return { admitted: !full, counts, full, store };
}

/** What counted a request that was refused: a client refused by one limit must not use up another, or it could go on stopping others. */
function inVain({ full, counts }: Taken): Taken['counts'] {
  return full ? counts.filter(({ added }) => added) : [];
}
