import type { CleanupTask } from '../kernel/cleanup-task.js';

const HOUR = 3_600_000;
/** No node writes an event later than this after it happened: requests have deadlines, and clocks differ by less. */
const SETTLED_AFTER = HOUR;
/** A month of hours; the next call goes on. */
const MOST_HOURS = 31 * 24;

const NEXT_HOUR = `
  SELECT date_bin('1 hour', min(at), '2000-01-01T00:00Z'::timestamptz) AS hour FROM coatcheck.audit_events
   WHERE at >= coalesce((SELECT max(hour) + interval '1 hour' FROM coatcheck.audit_counts), '-infinity')`;
/** Its limits are values, by which PostgreSQL knows how few rows it reads. */
const COUNT_AN_HOUR = `
  INSERT INTO coatcheck.audit_counts (type, hour, count)
  SELECT coalesce(type, subject || '.', ''), $1::timestamptz, count(*)
    FROM (SELECT type, split_part(type, '.', 1) AS subject FROM coatcheck.audit_events
           WHERE at >= $1::timestamptz AND at < $2::timestamptz) happened
   GROUP BY GROUPING SETS ((type), (subject), ())
   ORDER BY 1
  ON CONFLICT DO NOTHING`;

/**
 * Counts events by the hour, for `AuditCounter`: the hours that have events, are over and are not yet counted, from the first on. Once an hour
 * or a later one is counted it is not counted again: however often, and on however many nodes at once, the result is the same. Deletes nothing.
 */
export const auditCountCleanup: CleanupTask = {
  name: 'hours of audit events',
  deleteExpired: async (within, now) => {
    const settled = Math.floor((now.getTime() - SETTLED_AFTER) / HOUR) * HOUR;
    for (let n = 0; n < MOST_HOURS; n++) {
      const [{ hour }]: [{ hour: Date | null }] = await within.query(NEXT_HOUR);
      if (hour === null || hour.getTime() >= settled) break;
      await within.query(COUNT_AN_HOUR, [hour, new Date(hour.getTime() + HOUR)]);
    }
    return 0;
  },
};
