/** Woken by it: nodes that have something to apply. */
export const REVOKED_CHANNEL = 'coatcheck_revoked';

/** Woken by it: revokers that wait until all have applied. */
export const ACKNOWLEDGED_CHANNEL = 'coatcheck_acknowledged';

/**
 * The statement that appends `announcements` (a query of `subject`, `kind` and `place`, counted from 1) to the feed, in one step with
 * whatever changes `given` makes before it. Returns the announcements.
 *
 * The head stays locked until the commit, so numbers are in the order of the commits. It is read through sub-selects that are
 * evaluated once: a join with a changing query could not be looked at again after waiting for the lock.
 */
export function announcing(given: string, announcements: string): string {
  return `
    WITH ${given}${given && ','}
    announcements AS (${announcements}),
    head AS (
      UPDATE coatcheck.revocation_head SET seq = seq + (SELECT count(*) FROM announcements) WHERE (SELECT count(*) FROM announcements) > 0
      RETURNING seq),
    announced AS (
      INSERT INTO coatcheck.revocations (seq, subject, kind, not_before, expires_at)
      SELECT head.seq - (SELECT count(*) FROM announcements) + announcements.place, announcements.subject, announcements.kind,
             clock_timestamp(), clock_timestamp() + interval '1 hour'
        FROM announcements, head)
    SELECT announcements.*, (SELECT pg_notify('${REVOKED_CHANNEL}', head.seq::text) FROM head) FROM announcements`;
}

/** A session that has just been ended. */
export interface EndedRow {
  readonly id: string;
  readonly userId: string;
}

/**
 * {@link announcing} for an `UPDATE coatcheck.sessions ... RETURNING id, user_id` that ends sessions, and records it. Returns {@link EndedRow}s.
 *
 * @param record `recordingEvents` of the query `ended`
 */
export function announcingEnded(update: string, record: string, given = ''): string {
  const announcements = `
    SELECT 'session:' || id AS subject, 'ended' AS kind, row_number() OVER () AS place, id, user_id AS "userId" FROM ended`;
  return announcing(`${given}${given && ','} ended AS (${update}), ${record}`, announcements);
}
