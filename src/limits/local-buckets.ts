import { type CountedLimit, type RateLimit, RateLimitStore, type Tally } from './rate-limit.store.js';

/** Some 10 MB at most, whatever clients send. */
const MOST_COUNTERS = 50_000;

/** Counters of this node alone, bounded: when there are too many, the one that began first is forgotten. */
export class LocalBuckets extends RateLimitStore {
  private readonly counters = new Map<string, { count: number; resetsAt: Date }>();

  constructor(private readonly most = MOST_COUNTERS) {
    super();
  }

  /** How many stand. */
  get size(): number {
    return this.counters.size;
  }

  async add(limits: readonly RateLimit[], now: Date): Promise<Tally[]> {
    return this.addNow(limits, now);
  }

  /** {@link add} without a promise: there is nothing to wait for. */
  addNow(limits: readonly RateLimit[], now: Date): Tally[] {
    const tallies: Tally[] = [];
    for (const limit of limits) {
      const tally = this.addOne(limit, now);
      tallies.push(tally);
      if (!tally.added) break;
    }
    return tallies;
  }

  /** The first of these counters that has reached its limit, which nothing is added to. */
  fullAmong(limits: readonly RateLimit[], now: Date): (RateLimit & Tally) | undefined {
    for (const limit of limits) {
      const counter = this.counters.get(limit.key);
      if (counter && counter.resetsAt > now && counter.count >= limit.limit) {
        return { ...limit, added: false, count: limit.limit, resetsAt: counter.resetsAt };
      }
    }
    return undefined;
  }

  async subtract(counted: readonly CountedLimit[]): Promise<void> {
    this.subtractNow(counted);
  }

  /** {@link subtract} without a promise. */
  subtractNow(counted: readonly CountedLimit[]): void {
    for (const { key, resetsAt } of counted) {
      const counter = this.counters.get(key);
      if (counter?.resetsAt.getTime() === resetsAt.getTime() && counter.count > 0) counter.count -= 1;
    }
  }

  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.counters.delete(key);
  }

  private addOne({ key, limit, windowSeconds }: RateLimit, now: Date): Tally {
    const running = this.counters.get(key);
    if (running && running.resetsAt > now) {
      const added = running.count < limit;
      if (added) running.count += 1;
      return { added, count: Math.min(running.count, limit), resetsAt: running.resetsAt };
    }
    const resetsAt = new Date(now.getTime() + windowSeconds * 1000);
    this.counters.delete(key);
    this.makeRoom(now);
    this.counters.set(key, { count: 1, resetsAt });
    return { added: true, count: 1, resetsAt };
  }

  private makeRoom(now: Date): void {
    for (const [key, { resetsAt }] of this.counters) {
      if (resetsAt > now && this.counters.size < this.most) return;
      this.counters.delete(key);
    }
  }
}
