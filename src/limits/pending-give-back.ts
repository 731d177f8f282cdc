import type { DataSource } from 'typeorm';
import type { CountedLimit } from './rate-limit.store.js';
import type { RateLimiter, Taken } from './rate-limiter.js';

/**
 * Counts that are to be given back as soon as what the request was for has succeeded. A store whose change is a statement on the database of the
 * counters subtracts them by the same one; otherwise, or should that fail, they get one of their own.
 */
export class PendingGiveBack {
  private isInStatement = false;
  private settling: Promise<void> | null = null;

  /** @param settled is told once they are given back */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly taken: Taken,
    private readonly settled: () => void,
  ) {}

  /**
   * The counts that a store may subtract by the statement of its own change, which runs on `dataSource`; none when they are kept elsewhere. The
   * store calls {@link committed} once that statement is through.
   */
  flushWith(dataSource: DataSource): readonly CountedLimit[] {
    const { store, counts } = this.taken;
    this.isInStatement = this.settling === null && store.countersIn === dataSource;
    return this.isInStatement ? counts : [];
  }

  /** The change was made. */
  committed(): void {
    if (!this.isInStatement || this.settling !== null) return;
    this.settling = Promise.resolve();
    this.settled();
  }

  /** Gives back what no statement has; the same promise for all, which never rejects. */
  settle(): Promise<void> {
    this.settling ??= this.limiter.giveBack(this.taken).then(this.settled);
    return this.settling;
  }
}
