import type { DataSource } from 'typeorm';
import { afterLostRaces, isBusy } from '../database/lost-races.js';
import { prepared } from '../database/prepared.js';
import { deletionOf } from '../kernel/cleanup-task.js';
import { hashSecret } from '../kernel/secret-token.js';
import { LimitsNotCounted } from '../limits/rate-limit.store.js';
import { type Addition, assertAllowance, type Count, type CountedAddition } from './atomic-primitives.js';

/** One in so many additions clears away rows that have expired. */
const SWEEP_EVERY = 200;
const SWEEP = deletionOf('counters', 'resets_at');

/** Counters in the table `counters`. Each decision is one statement; one that waits in vain throws `LimitsNotCounted`. */
export class DatabaseCounters {
  private additions = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** As `AtomicPrimitives.countersIn`. */
  get countersIn(): DataSource {
    return this.dataSource;
  }

  /** @see AtomicPrimitives.addInTurn */
  async addInTurn(additions: readonly Addition[]): Promise<Count[]> {
    if (additions.length === 0) return [];
    additions.forEach(assertAllowance);
    await this.sweepNowAndThen(additions[0]!.now);
    const requested = additions.map(({ key, limit, now, windowSeconds }) => {
      return { key: hashSecret(key), limit, now, next: new Date(now.getTime() + windowSeconds * 1000) };
    });
    const values = requested.flatMap(({ key, limit, now, next }) => [key, limit, now, next]);
    const rows: Standing[] = await afterLostRaces(() =>
      this.dataSource.query(additionOf(requested.length), values),
    ).catch(orNotCounted);
    const full = rows.findIndex(({ count }) => count === null);
    return rows.slice(0, full < 0 ? rows.length : full + 1).map(({ count, resetsAt, stoodUntil }, i) => {
      if (count !== null) return { added: true, count, resetsAt: resetsAt! };
      const { limit, now, next } = requested[i]!;
      // What stood there when the statement began: a new window that began meanwhile is not in it.
      return { added: false, count: limit, resetsAt: stoodUntil !== null && stoodUntil > now ? stoodUntil : next };
    });
  }

  /** @see AtomicPrimitives.subtract */
  async subtract(counted: readonly CountedAddition[]): Promise<void> {
    await afterLostRaces(() => this.dataSource.query(SUBTRACT, subtractionValues(counted))).catch(orNotCounted);
  }

  /** @see AtomicPrimitives.forget */
  async forget(keys: readonly string[]): Promise<void> {
    // One by one: whatever order others count them in, this never waits while it holds one.
    for (const key of keys) {
      await this.dataSource
        .query('DELETE FROM coatcheck.counters WHERE key_hash = $1', [hashSecret(key)])
        .catch(orNotCounted);
    }
  }

  /** A statement of its own: rows deleted beside the one that is counted could be waited for in a circle. */
  private async sweepNowAndThen(now: Date): Promise<void> {
    this.additions += 1;
    if (this.additions % SWEEP_EVERY !== 0) return;
    await this.dataSource.query(SWEEP, [new Date(now.getTime() - 3_600_000), 2 * SWEEP_EVERY]).catch(orNotCounted);
  }
}

function orNotCounted(error: unknown): never {
  throw isBusy(error) ? new LimitsNotCounted(error) : error;
}

interface Standing {
  /** Null when it was not counted, or not asked. */
  readonly count: number | null;
  readonly resetsAt: Date | null;
  readonly stoodUntil: Date | null;
}

const statements = new Map<number, string>();

/**
 * Counts so many counters in turn. Each part reads what the one before it has counted, so it runs after it, and rows are locked in the
 * order given: two that count the same counters never wait in a circle. Of each: key, limit, now, end of a window that begins now.
 */
function additionOf(counters: number): string {
  const known = statements.get(counters);
  if (known !== undefined) return known;
  const parts = Array.from({ length: counters }, (_, i) => {
    const [key, limit, now, next] = [1, 2, 3, 4].map((n) => `$${4 * i + n}`);
    const isOver = `counters.resets_at <= ${now}::timestamptz`;
    const added = `added_${i} AS (
      INSERT INTO coatcheck.counters (key_hash, count, resets_at)
      SELECT ${key}::text, 1, ${next}::timestamptz ${i === 0 ? '' : `WHERE EXISTS (SELECT FROM added_${i - 1})`}
      ON CONFLICT (key_hash) DO UPDATE SET
        count = CASE WHEN ${isOver} THEN 1 ELSE counters.count + 1 END,
        resets_at = CASE WHEN ${isOver} THEN excluded.resets_at ELSE counters.resets_at END
        WHERE ${isOver} OR counters.count < ${limit}::bigint
      RETURNING count, resets_at)`;
    const told = `SELECT ${i} AS place, added_${i}.count, added_${i}.resets_at AS "resetsAt", stood.resets_at AS "stoodUntil"
      FROM (VALUES (1)) AS one LEFT JOIN added_${i} ON true LEFT JOIN coatcheck.counters stood ON stood.key_hash = ${key}`;
    return { added, told };
  });
  const added = parts.map((part) => part.added).join(', ');
  const statement = prepared(`WITH ${added} ${parts.map(({ told }) => told).join(' UNION ALL ')} ORDER BY place`);
  statements.set(counters, statement);
  return statement;
}

/**
 * The part of a `WITH` that subtracts counts, in the order given, as they are counted.
 *
 * @param keys the parameter that holds the first of {@link subtractionValues}
 * @param windows the second
 */
export function subtracting(keys: string, windows: string): string {
  return `
    held_counters AS (
      SELECT counters.key_hash FROM coatcheck.counters
        JOIN unnest(${keys}::text[], ${windows}::timestamptz[]) WITH ORDINALITY AS counted (key_hash, resets_at, place)
          USING (key_hash, resets_at)
       ORDER BY place FOR UPDATE OF counters),
    subtracted AS (
      UPDATE coatcheck.counters SET count = count - 1 FROM held_counters WHERE counters.key_hash = held_counters.key_hash AND count > 0)`;
}

/** For {@link subtracting}. */
export function subtractionValues(counted: readonly CountedAddition[]): [string[], Date[]] {
  return [counted.map(({ key }) => hashSecret(key)), counted.map(({ resetsAt }) => resetsAt)];
}

const SUBTRACT = prepared(`WITH ${subtracting('$1', '$2')} SELECT`);
