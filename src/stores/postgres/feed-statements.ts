import { prepared } from '../../database/prepared.js';
import { WOKEN_BY_THE_LAST } from '../../revocation/revocation-feed.js';
import { ACKNOWLEDGED_CHANNEL } from './announcing.js';

/**
 * Whether a lease that had applied `before` may have been one of the last. Every notification wakes every node, so if each spoke for itself the
 * cost of a revocation would grow with the square of the fleet. What other transactions do meanwhile is not seen: then revokers look by themselves.
 */
function isAmongTheLast(before: string, isOwn: string): string {
  return `(SELECT count(*) FROM (
    SELECT 1 FROM coatcheck.node_leases other
     WHERE other.expires_at > now() AND other.applied_seq <= ${before} AND NOT ${isOwn} LIMIT ${WOKEN_BY_THE_LAST}) behind) < ${WOKEN_BY_THE_LAST}`;
}

export const SINCE = prepared(
  'SELECT seq::float8 AS seq, subject, kind FROM coatcheck.revocations WHERE seq > $1 ORDER BY revocations.seq LIMIT $2',
);

/** By a feed that was turned back since. */
const IS_BEYOND = 'given.applied_seq > (SELECT seq FROM coatcheck.revocation_head)';

/** What the holders of running leases have applied, of many at once. Rows are locked in one order, by every caller. */
function noting(given: string, set: string, before = '', after = ''): string {
  return `
  WITH ${before}given AS (${given}),
  before AS (
    SELECT held.node_id, held.applied_seq FROM coatcheck.node_leases held
     WHERE held.node_id = ANY ($1::text[]) ORDER BY held.node_id FOR UPDATE),
  noted AS (
    UPDATE coatcheck.node_leases held SET applied_seq = CASE WHEN ${IS_BEYOND} THEN held.applied_seq ELSE greatest(held.applied_seq, given.applied_seq) END${set}
      FROM before JOIN given USING (node_id)
     WHERE held.node_id = before.node_id AND held.expires_at > clock_timestamp()
    RETURNING held.node_id)
  SELECT noted.node_id AS "leaseId", (SELECT seq FROM coatcheck.revocation_head)::float8 AS head,
         (SELECT pg_notify('${ACKNOWLEDGED_CHANNEL}', '') WHERE EXISTS (
           SELECT 1 FROM before JOIN given USING (node_id) WHERE before.applied_seq < given.applied_seq)
           AND ${isAmongTheLast('(SELECT min(applied_seq) FROM before)', 'other.node_id = ANY ($1::text[])')})
    FROM noted${after}`;
}

/** All wait for the disk together. */
export const RENEW = prepared(
  noting(
    `SELECT node_id, max(applied_seq) AS applied_seq, max(seconds) AS seconds
       FROM unnest($1::text[], $2::bigint[], $3::float8[]) AS one (node_id, applied_seq, seconds) GROUP BY node_id`,
    `, expires_at = CASE WHEN ${IS_BEYOND} THEN held.expires_at ELSE clock_timestamp() + given.seconds * interval '1 second' END`,
  ),
);

/**
 * Does not wait for the disk, as a renewal must: after a crash a lease recorded as further behind only makes revokers wait longer; one
 * recorded as shorter than its node was told would not make them wait long enough.
 */
export const ACKNOWLEDGE = prepared(
  noting(
    `SELECT node_id, max(applied_seq) AS applied_seq
       FROM unnest($1::text[], $2::bigint[]) AS one (node_id, applied_seq) GROUP BY node_id`,
    '',
    `quickly AS (SELECT set_config('synchronous_commit', 'off', true)),
  `,
    ', quickly',
  ),
);

export const STATUS =
  prepared(`SELECT head.seq::float8 AS head, lease.node_id AS "leaseId", lease.applied_seq::float8 AS "appliedSeq",
              ceil(extract(epoch FROM lease.expires_at - now()) * 1000)::float8 AS "expiresInMilliseconds"
         FROM coatcheck.revocation_head head LEFT JOIN coatcheck.node_leases lease ON lease.expires_at > now()`);
