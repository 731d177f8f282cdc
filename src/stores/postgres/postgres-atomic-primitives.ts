import type { DataSource } from 'typeorm';
import { deletionOf } from '../../kernel/cleanup-task.js';
import { hashSecret } from '../../kernel/secret-token.js';
import {
  type Addition,
  type Allowance,
  AtomicPrimitives,
  assertAdvance,
  type Count,
  type CountedAddition,
} from '../../sessions/atomic-primitives.js';
import { DatabaseCounters } from '../../sessions/database-counters.store.js';

/** One in so many offers clears away those that have expired. */
const SWEEP_EVERY = 200;
const SWEEP = deletionOf('offers', 'expires_at');

/** The atomic primitives on the tables `offers` and `counters`. Each decision is one statement on one row. */
export class PostgresAtomicPrimitives extends AtomicPrimitives {
  private readonly counters: DatabaseCounters;
  private offered = 0;

  constructor(private readonly dataSource: DataSource) {
    super();
    this.counters = new DatabaseCounters(dataSource);
  }

  /** One that subtracts in another way must be asked. */
  override get countersIn(): DataSource | null {
    return this.subtract === PostgresAtomicPrimitives.prototype.subtract ? this.dataSource : null;
  }

  async offer(key: string, value: number, { expiresAt, now }: { expiresAt: Date; now: Date }): Promise<boolean> {
    if (expiresAt <= now) return false;
    await this.sweepNowAndThen(now);
    const rows = await this.dataSource.query(
      `INSERT INTO coatcheck.offers (key_hash, value, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT (key_hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
         WHERE offers.expires_at <= $4
       RETURNING key_hash`,
      [hashSecret(key), value, expiresAt, now],
    );
    return rows.length === 1;
  }

  async consumeOnce(key: string, now: Date): Promise<boolean> {
    const [, count] = await this.dataSource.query(
      'DELETE FROM coatcheck.offers WHERE key_hash = $1 AND expires_at > $2',
      [hashSecret(key), now],
    );
    return count === 1;
  }

  async compareAndAdvance(key: string, step: { expected: number; next: number; now: Date }): Promise<boolean> {
    assertAdvance(step);
    const [, count] = await this.dataSource.query(
      'UPDATE coatcheck.offers SET value = $3 WHERE key_hash = $1 AND value = $2 AND expires_at > $4',
      [hashSecret(key), step.expected, step.next, step.now],
    );
    return count === 1;
  }

  async addIfBelow(key: string, allowance: Allowance): Promise<Count> {
    const [count] = await this.addInTurn([{ key, ...allowance }]);
    return count!;
  }

  override addInTurn(additions: readonly Addition[]): Promise<Count[]> {
    return this.counters.addInTurn(additions);
  }

  subtract(counted: readonly CountedAddition[]): Promise<void> {
    return this.counters.subtract(counted);
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.counters.forget(keys);
  }

  private async sweepNowAndThen(now: Date): Promise<void> {
    this.offered += 1;
    if (this.offered % SWEEP_EVERY !== 0) return;
    await this.dataSource.query(SWEEP, [new Date(now.getTime() - 3_600_000), 2 * SWEEP_EVERY]);
  }
}
