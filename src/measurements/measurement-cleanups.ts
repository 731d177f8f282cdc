import type { EntityManager } from 'typeorm';
import type { CleanupTask } from '../kernel/cleanup-task.js';
import { MINUTES_KEPT } from './measurement-writer.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MINUTES_KEPT_DAYS = 30;
const SUMS_KEPT_DAYS = 365;
/** An hour is summed up when no node can have a minute of it any more: a database may have been out of reach, and clocks differ. */
const SETTLED_AFTER = (MINUTES_KEPT + 5) * MINUTE;

const start = (minutes: number, of: string) =>
  `date_bin('${minutes} minutes', ${of}, '2000-01-01T00:00Z'::timestamptz)`;
/** Where rows of this span end: what begins before it is summed up. */
const summedUpBy = (minutes: number) =>
  `coalesce((SELECT max(minute) + interval '${minutes} minutes' FROM coatcheck.measurements WHERE span_minutes = ${minutes}), '-infinity')`;

/**
 * Sums up rows of a shorter span that are over and not yet summed up, from the first on, by stretches of `together`. Once a span has rows
 * none of them is written again: however often, and on however many nodes at once, the result is the same.
 *
 * @param settled SQL of the time before which no row of the shorter span is written any more
 */
const sumUp = (shorter: number, longer: number, together: string, settled: string) => `
  WITH span AS (SELECT ${start(longer, 'min(minute)')} AS start FROM coatcheck.measurements
                 WHERE span_minutes = ${shorter} AND minute >= ${summedUpBy(longer)})
  INSERT INTO coatcheck.measurements (span_minutes, minute, node, name, count, sum, p50, p99)
  SELECT ${longer}, ${start(longer, 'minute')} AS start, '', name, sum(count), sum(sum),
         sum(p50 * count) / nullif(sum(count) FILTER (WHERE p50 IS NOT NULL), 0), max(p99)
    FROM coatcheck.measurements, span
   WHERE span_minutes = ${shorter} AND minute >= span.start AND minute < least(span.start + interval '${together}', ${settled})
   GROUP BY 2, name
   ORDER BY 2, name
  ON CONFLICT DO NOTHING RETURNING 1`;

const HOURS = sumUp(1, 60, '1 day', '$1::timestamptz');
/** No minute of such a day waits to become an hour. */
const DAYS = sumUp(
  60,
  1440,
  '30 days',
  `least($1::timestamptz, (SELECT ${start(1440, 'min(minute)')} FROM coatcheck.measurements
                            WHERE span_minutes = 1 AND minute >= ${summedUpBy(60)}))`,
);

/** Only of what is summed up. */
const deletion = (minutes: number, summedUp: string) => `
  DELETE FROM coatcheck.measurements WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM coatcheck.measurements
     WHERE span_minutes = ${minutes} AND minute < least($1::timestamptz, ${summedUp})
     ORDER BY minute LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** Minutes become hours and hours become days; minutes are deleted after 30 days, hours and days after a year. */
export function measurementCleanups(): CleanupTask[] {
  const settled = (now: Date, each: number) => new Date(Math.floor((now.getTime() - SETTLED_AFTER) / each) * each);
  return [
    summing('hours of measurements', HOURS, (now) => settled(now, HOUR)),
    summing('days of measurements', DAYS, (now) => settled(now, DAY)),
    deletingBy('minutes of measurements', deletion(1, summedUpBy(60)), MINUTES_KEPT_DAYS),
    deletingBy('old hours of measurements', deletion(60, summedUpBy(1440)), SUMS_KEPT_DAYS),
    deletingBy('old days of measurements', deletion(1440, `'infinity'`), SUMS_KEPT_DAYS),
  ];
}

/** Deletes nothing. */
function summing(name: string, statement: string, settledAt: (now: Date) => Date): CleanupTask {
  return {
    name,
    deleteExpired: async (within: EntityManager, now: Date) => {
      for (;;) {
        const written: unknown[] = await within.query(statement, [settledAt(now)]);
        if (written.length === 0) return 0;
      }
    },
  };
}

function deletingBy(name: string, statement: string, keptDays: number): CleanupTask {
  return {
    name,
    deleteExpired: async (within, now, limit) => {
      const [, deleted] = await within.query(statement, [new Date(now.getTime() - keptDays * DAY), limit]);
      return deleted;
    },
  };
}
