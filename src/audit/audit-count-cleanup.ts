import type { CleanupTask } from '../kernel/cleanup-task.js';

const HOUR = 3_600_000;
/** No node writes an event later than this after it happened: requests have deadlines, and clocks differ by less. */
const SETTLED_AFTER = HOUR;
/** A month of hours; the next call goes on. */
const MOST_HOURS = 31 * 24;

/**
 * Counts the first hour that has events, is over and is not yet counted. Once an hour or a later one is counted it is not counted again:
 * however often, and on however many nodes at once, the result is the same.
 */
const COUNT_AN_HOUR = `
  WITH first AS (SELECT date_bin('1 hour', min(at), '2000-01-01T00:00Z'::timestamptz) AS hour FROM coatcheck.audit_events
                  WHERE at >= coalesce((SELECT max(hour) + interval '1 hour' FROM coatcheck.audit_counts), '-infinity'))
  INSERT INTO coatcheck.audit_counts (type, hour, count)
  SELECT coalesce(type, subject || '.', ''), hour, count(*)
    FROM (SELECT type, split_part(type, '.', 1) AS subject, hour FROM coatcheck.audit_events, first
           WHERE at >= hour AND at < hour + interval '1 hour' AND hour < $1::timestamptz) happened
   GROUP BY hour, GROUPING SETS ((type), (subject), ())
   ORDER BY 1
  ON CONFLICT DO NOTHING RETURNING 1`;

/** Counts events by the hour, for `AuditCounter`. Deletes nothing. */
export const auditCountCleanup: CleanupTask = {
  name: 'hours of audit events',
  deleteExpired: async (within, now) => {
    const settled = new Date(Math.floor((now.getTime() - SETTLED_AFTER) / HOUR) * HOUR);
    for (let n = 0; n < MOST_HOURS; n++) {
      const written: unknown[] = await within.query(COUNT_AN_HOUR, [settled]);
      if (written.length === 0) break;
    }
    return 0;
  },
};
