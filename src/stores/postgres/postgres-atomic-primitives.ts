import type { DataSource } from 'typeorm';
import { afterLostRaces } from '../../database/lost-races.js';
import { deletionOf } from '../../kernel/chore.js';
import { hashSecret } from '../../kernel/secret-token.js';
import {
  type Addition,
  type Allowance,
  AtomicPrimitives,
  assertAdvance,
  assertAllowance,
  type Count,
  type CountedAddition,
} from '../../sessions/atomic-primitives.js';

/** One in so many additions clears away rows that have run out. */
const SWEEP_EVERY = 200;
const SWEEPS = [deletionOf('offers', 'expires_at'), deletionOf('counters', 'resets_at')];

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
    const [count] = await this.addEachIfBelow([{ key, ...allowance }]);
    return count!;
  }

  override async addEachIfBelow(additions: readonly Addition[]): Promise<Count[]> {
    if (additions.length === 0) return [];
    additions.forEach(assertAllowance);
    await this.sweepNowAndThen(additions[0]!.now);
    const nexts = additions.map(({ now, windowSeconds }) => new Date(now.getTime() + windowSeconds * 1000));
    const values = [
      additions.map(({ key }) => hashSecret(key)),
      additions.map(({ limit }) => limit),
      additions.map(({ now }) => now),
      nexts,
    ];
    const rows: Standing[] = await afterLostRaces(() => this.dataSource.query(ADD_EACH, values));
    return rows.map(({ count, resetsAt, stoodUntil }, i) => {
      if (count !== null) return { added: true, count, resetsAt: resetsAt! };
      // What stood there when the statement began: whoever began a new window meanwhile is not in it.
      const isRunning = stoodUntil !== null && stoodUntil > additions[i]!.now;
      return { added: false, count: additions[i]!.limit, resetsAt: isRunning ? stoodUntil : nexts[i]! };
    });
  }

  async takeBack(counted: readonly CountedAddition[]): Promise<void> {
    await this.dataSource.query(TAKE_BACK, [
      counted.map(({ key }) => hashSecret(key)),
      counted.map(({ resetsAt }) => resetsAt),
    ]);
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM counters WHERE key_hash IN (
         SELECT key_hash FROM counters WHERE key_hash = ANY ($1::text[]) ORDER BY key_hash FOR UPDATE)`,
      [keys.map(hashSecret)],
    );
  }

  /** A statement of its own: rows deleted beside the one that is counted could be waited for in a circle. */
  private async sweepNowAndThen(now: Date): Promise<void> {
    this.additions += 1;
    if (this.additions % SWEEP_EVERY !== 0) return;
    const longAgo = new Date(now.getTime() - 3_600_000);
    for (const sweep of SWEEPS) await this.dataSource.query(sweep, [longAgo, 2 * SWEEP_EVERY]);
  }
}

interface Standing {
  /** Null when it was not counted. */
  readonly count: number | null;
  readonly resetsAt: Date | null;
  readonly stoodUntil: Date | null;
}

/** Rows are locked in the order of their keys everywhere: two that count the same counters never wait in a circle. */
const ADD_EACH = `
  WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::integer[], $3::timestamptz[], $4::timestamptz[])
      WITH ORDINALITY AS one (key_hash, most, now, next, place)
  ), added AS (
    INSERT INTO counters (key_hash, count, resets_at) SELECT key_hash, 1, next FROM asked ORDER BY key_hash
    ON CONFLICT (key_hash) DO UPDATE SET
      count = CASE WHEN counters.resets_at <= (SELECT now FROM asked WHERE asked.key_hash = excluded.key_hash)
        THEN 1 ELSE counters.count + 1 END,
      resets_at = CASE WHEN counters.resets_at <= (SELECT now FROM asked WHERE asked.key_hash = excluded.key_hash)
        THEN excluded.resets_at ELSE counters.resets_at END
      WHERE counters.resets_at <= (SELECT now FROM asked WHERE asked.key_hash = excluded.key_hash)
         OR counters.count < (SELECT most FROM asked WHERE asked.key_hash = excluded.key_hash)
    RETURNING key_hash, count, resets_at
  )
  SELECT added.count, added.resets_at AS "resetsAt", stood.resets_at AS "stoodUntil"
    FROM asked LEFT JOIN added USING (key_hash) LEFT JOIN counters stood USING (key_hash) ORDER BY place`;

const TAKE_BACK = `
  WITH held AS (
    SELECT key_hash FROM counters
      JOIN unnest($1::text[], $2::timestamptz[]) AS counted (key_hash, resets_at) USING (key_hash, resets_at)
     ORDER BY key_hash FOR UPDATE OF counters
  )
  UPDATE counters SET count = count - 1 FROM held WHERE counters.key_hash = held.key_hash AND count > 0`;
