import type { EntityManager } from 'typeorm';
import type { CleanupTask } from '../kernel/cleanup-task.js';
import { MINUTES_KEPT } from './measurement-writer.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MINUTES_KEPT_DAYS = 30;
const HOURS_KEPT_DAYS = 365;
/** An hour is summed up when no node can have a minute of it any more: a database may have been out of reach, and clocks differ. */
const SETTLED_AFTER = (MINUTES_KEPT + 5) * MINUTE;
/** Hours summed up by one statement. */
const HOURS_TOGETHER = 24;

/**
 * Sums up the hours that are over and not yet summed up, from the first that has a minute, a day of them at most. Once an hour has rows
 * none of them is written again: however often, and on however many nodes at once, it comes to the same.
 */
const SUM_UP = `
  WITH done AS (SELECT max(minute) + interval '1 hour' AS until FROM coatcheck.measurements WHERE node = ''),
  span AS (SELECT date_trunc('hour', min(minute), 'UTC') AS start FROM coatcheck.measurements, done
            WHERE node <> '' AND minute >= coalesce(done.until, '-infinity'))
  INSERT INTO coatcheck.measurements (minute, node, name, count, sum, p50, p99)
  SELECT date_trunc('hour', minute, 'UTC') AS hour, '', name, sum(count), sum(sum),
         sum(p50 * count) / nullif(sum(count) FILTER (WHERE p50 IS NOT NULL), 0), max(p99)
    FROM coatcheck.measurements, span
   WHERE node <> '' AND minute >= span.start AND minute < least(span.start + ${HOURS_TOGETHER} * interval '1 hour', $1::timestamptz)
   GROUP BY hour, name
   ORDER BY hour, name
  ON CONFLICT DO NOTHING RETURNING 1`;

/** Only of hours that are summed up. */
const DELETE_MINUTES = `
  DELETE FROM coatcheck.measurements WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM coatcheck.measurements
     WHERE node <> '' AND minute < least($1::timestamptz,
       (SELECT coalesce(max(minute) + interval '1 hour', '-infinity') FROM coatcheck.measurements WHERE node = ''))
     ORDER BY minute LIMIT $2 FOR UPDATE SKIP LOCKED))`;

const DELETE_HOURS = `
  DELETE FROM coatcheck.measurements WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM coatcheck.measurements WHERE node = '' AND minute < $1::timestamptz
     ORDER BY minute LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** Minutes become hours, minutes go after 30 days, hours after a year. */
export function measurementCleanups(): CleanupTask[] {
  return [
    { name: 'hours of measurements', deleteExpired: sumUp },
    deletingBy('minutes of measurements', DELETE_MINUTES, MINUTES_KEPT_DAYS),
    deletingBy('old hours of measurements', DELETE_HOURS, HOURS_KEPT_DAYS),
  ];
}

/** Deletes nothing. */
async function sumUp(within: EntityManager, now: Date): Promise<number> {
  const settled = new Date(Math.floor((now.getTime() - SETTLED_AFTER) / HOUR) * HOUR);
  for (;;) {
    const written: unknown[] = await within.query(SUM_UP, [settled]);
    if (written.length === 0) return 0;
  }
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
