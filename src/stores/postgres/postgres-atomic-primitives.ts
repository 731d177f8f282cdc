import type { DataSource } from 'typeorm';
import { hashSecret } from '../../kernel/secret-token.js';
import {
  type Allowance,
  AtomicPrimitives,
  assertAdvance,
  assertAllowance,
  type Count,
} from '../../sessions/atomic-primitives.js';

/** One in so many additions clears away rows that have run out. */
const SWEEP_EVERY = 200;

/** The atomic primitives on the tables `offers` and `counters`. Each decision is one statement on one row. */
export class PostgresAtomicPrimitives extends AtomicPrimitives {
  private additions = 0;

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async offer(key: string, value: number, { expiresAt, now }: { expiresAt: Date; now: Date }): Promise<boolean> {
    if (expiresAt <= now) return false;
    await this.sweepNowAndThen(now);
    const rows = await this.dataSource.query(
      `INSERT INTO offers (key_hash, value, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT (key_hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
         WHERE offers.expires_at <= $4
       RETURNING key_hash`,
      [hashSecret(key), value, expiresAt, now],
    );
    return rows.length === 1;
  }

  async consumeOnce(key: string, now: Date): Promise<boolean> {
    const [, count] = await this.dataSource.query('DELETE FROM offers WHERE key_hash = $1 AND expires_at > $2', [
      hashSecret(key),
      now,
    ]);
    return count === 1;
  }

  async compareAndAdvance(key: string, step: { expected: number; next: number; now: Date }): Promise<boolean> {
    assertAdvance(step);
    const [, count] = await this.dataSource.query(
      'UPDATE offers SET value = $3 WHERE key_hash = $1 AND value = $2 AND expires_at > $4',
      [hashSecret(key), step.expected, step.next, step.now],
    );
    return count === 1;
  }

  async addIfBelow(key: string, allowance: Allowance): Promise<Count> {
    assertAllowance(allowance);
    const { limit, windowSeconds, now } = allowance;
    await this.sweepNowAndThen(now);
    const next = new Date(now.getTime() + windowSeconds * 1000);
    const [added] = await this.dataSource.query(
      `INSERT INTO counters (key_hash, count, resets_at) VALUES ($1, 1, $2)
       ON CONFLICT (key_hash) DO UPDATE SET
         count = CASE WHEN counters.resets_at <= $3 THEN 1 ELSE counters.count + 1 END,
         resets_at = CASE WHEN counters.resets_at <= $3 THEN excluded.resets_at ELSE counters.resets_at END
         WHERE counters.resets_at <= $3 OR counters.count < $4
       RETURNING count, resets_at AS "resetsAt"`,
      [hashSecret(key), next, now, limit],
    );
    if (added) return { added: true, ...added };
    const [standing] = await this.dataSource.query(
      'SELECT count, resets_at AS "resetsAt" FROM counters WHERE key_hash = $1',
      [hashSecret(key)],
    );
    return { added: false, count: limit, resetsAt: next, ...standing };
  }

  /** A statement of its own: rows deleted beside the one that is counted could be waited for in a circle. */
  private async sweepNowAndThen(now: Date): Promise<void> {
    this.additions += 1;
    if (this.additions % SWEEP_EVERY !== 0) return;
    const longAgo = new Date(now.getTime() - 3_600_000);
    for (const [table, end] of [
      ['offers', 'expires_at'],
      ['counters', 'resets_at'],
    ]) {
      await this.dataSource.query(
        `DELETE FROM ${table} WHERE key_hash IN (
           SELECT key_hash FROM ${table} WHERE ${end} < $1 LIMIT ${2 * SWEEP_EVERY} FOR UPDATE SKIP LOCKED)`,
        [longAgo],
      );
    }
  }
}
