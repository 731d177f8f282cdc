import type { DataSource, EntityManager } from 'typeorm';
import { isEmbedded } from '../../database/data-source-options.js';
import { canListen } from '../../database/pooling.js';
import { prepared } from '../../database/prepared.js';
import { inSchema, schemaOf } from '../../database/table-schema.js';
import { Batcher } from '../../kernel/batcher.js';
import {
  type Announcement,
  type FeedListener,
  type FeedStatus,
  type GrantedLease,
  type Revocation,
  RevocationFeed,
} from '../../revocation/revocation-feed.js';
import { ACKNOWLEDGED_CHANNEL, announcing, REVOKED_CHANNEL } from './announcing.js';
import { ListenConnection } from './listen-connection.js';

const PRUNE_MILLISECONDS = 600_000;

/**
 * The feed in the tables `revocations` and `revocation_head`, the leases in `node_leases`. Their instants, alone of all, are
 * the database's own: several machines write them, and only one clock may judge.
 */
export class PostgresRevocationFeed extends RevocationFeed {
  readonly joinsTransactions = true;
  private connection: ListenConnection | undefined;
  private prunedAt = 0;
  /** A revocation reaches all followers of a node at once, and its revoker waits for all of them. */
  private readonly acknowledgements = new Batcher((given: readonly Acknowledged[]) => this.acknowledgeAll(given));

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async append(announcements: readonly Announcement[], within?: EntityManager): Promise<void> {
    if (announcements.length === 0) return;
    const rows = 'SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (subject, kind, place)';
    const subjects = announcements.map(({ subject }) => subject);
    const kinds = announcements.map(({ kind }) => kind);
    await (within ?? this.dataSource).query(announcing('', rows), [subjects, kinds]);
  }

  async since(seq: number, limit: number): Promise<Revocation[]> {
    return this.query<Revocation>(SINCE, [seq, limit]);
  }

  async grant(leaseId: string, leaseSeconds: number): Promise<GrantedLease> {
    const [lease] = await this.query<{ head: number }>(
      `INSERT INTO coatcheck.node_leases (node_id, applied_seq, expires_at)
       SELECT $1, seq, clock_timestamp() + $2 * interval '1 second' FROM coatcheck.revocation_head
       RETURNING applied_seq::float8 AS head`,
      [leaseId, leaseSeconds],
    );
    // Changes and their announcements are one step here.
    return { head: lease!.head, unsettled: [] };
  }

  async renew(leaseId: string, appliedSeq: number, leaseSeconds: number): Promise<number | null> {
    await this.prune();
    const [renewed] = await this.query<{ head: number }>(RENEW, [leaseId, appliedSeq, leaseSeconds]);
    return renewed?.head ?? null;
  }

  acknowledge(leaseId: string, appliedSeq: number): Promise<number | null> {
    return this.acknowledgements.load({ leaseId, appliedSeq });
  }

  async releaseLease(leaseId: string): Promise<void> {
    await this.query(
      `WITH gone AS (DELETE FROM coatcheck.node_leases WHERE node_id = $1 RETURNING node_id)
       SELECT pg_notify('${ACKNOWLEDGED_CHANNEL}', '') FROM gone`,
      [leaseId],
    );
  }

  async status(): Promise<FeedStatus> {
    // `now()`, the start of the transaction, lies before the snapshot: a lease that it finds expired cannot have been prolonged
    // by a renewal that the snapshot has missed. `clock_timestamp()` could be any time later.
    const rows = await this.dataSource.query(STATUS);
    return { head: rows[0].head, leases: rows.filter(({ leaseId }: { leaseId: string | null }) => leaseId !== null) };
  }

  async listen(listener: FeedListener): Promise<() => Promise<void>> {
    // One process, one connection: the revoker applies it itself.
    if (isEmbedded(this.dataSource.options)) return async () => {};
    const hear = (channel: string) => (channel === REVOKED_CHANNEL ? listener.onRevoked() : listener.onAcknowledged());
    const cut = () => {
      this.connection = undefined;
      listener.onLost();
    };
    // Where nothing would be heard, each renewal of the lease asks. A session that was told to listen would only be left with the pooler.
    const channels = canListen(this.dataSource) ? [REVOKED_CHANNEL, ACKNOWLEDGED_CHANNEL] : [];
    const line = await ListenConnection.open(this.dataSource, hear, cut, channels);
    this.connection = line;
    return async () => {
      this.connection = undefined;
      await line.close();
    };
  }

  /** No node replays as far back as rows are kept: one that lags longer than a lease begins anew. */
  private async prune(): Promise<void> {
    const now = performance.now();
    if (now - this.prunedAt < PRUNE_MILLISECONDS) return;
    this.prunedAt = now;
    // `now()`, for with a clock that runs on no index can be searched.
    await this.query('DELETE FROM coatcheck.revocations WHERE expires_at < now()');
    await this.query(`DELETE FROM coatcheck.node_leases WHERE expires_at < now() - interval '1 hour'`);
  }

  private async acknowledgeAll(given: readonly Acknowledged[]): Promise<(number | null)[]> {
    const noted = await this.query<{ leaseId: string; head: number }>(ACKNOWLEDGE, [
      given.map(({ leaseId }) => leaseId),
      given.map(({ appliedSeq }) => appliedSeq),
    ]);
    const heads = new Map(noted.map(({ leaseId, head }) => [leaseId, head]));
    return given.map(({ leaseId }) => heads.get(leaseId) ?? null);
  }

  private query<T>(sql: string, values?: unknown[]): Promise<T[]> {
    if (!this.connection) return this.dataSource.query(sql, values);
    return this.connection.query<T>(inSchema(sql, schemaOf(this.dataSource)), values);
  }
}

const SINCE = prepared(
  'SELECT seq::float8 AS seq, subject, kind FROM coatcheck.revocations WHERE seq > $1 ORDER BY revocations.seq LIMIT $2',
);

const RENEW = prepared(`
  WITH before AS (SELECT applied_seq FROM coatcheck.node_leases WHERE node_id = $1),
  renewed AS (
    UPDATE coatcheck.node_leases
       SET applied_seq = greatest(applied_seq, $2), expires_at = clock_timestamp() + $3 * interval '1 second'
     WHERE node_id = $1 AND expires_at > clock_timestamp()
     RETURNING applied_seq)
  SELECT (SELECT seq FROM coatcheck.revocation_head)::float8 AS head,
         (SELECT pg_notify('${ACKNOWLEDGED_CHANNEL}', '') FROM before WHERE applied_seq < $2)
    FROM renewed`);

interface Acknowledged {
  readonly leaseId: string;
  readonly appliedSeq: number;
}

/**
 * Does not wait for the disk, as a renewal must: after a crash a lease recorded as further behind only makes revokers wait longer; one
 * recorded as shorter than its node was told would not make them wait long enough. Rows are locked in one order, whoever speaks for them.
 */
const ACKNOWLEDGE = prepared(`
  WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true)),
  given AS (
    SELECT node_id, max(applied_seq) AS applied_seq
      FROM unnest($1::text[], $2::bigint[]) AS one (node_id, applied_seq) GROUP BY node_id),
  before AS (
    SELECT held.node_id, held.applied_seq FROM coatcheck.node_leases held
     WHERE held.node_id = ANY ($1::text[]) ORDER BY held.node_id FOR UPDATE),
  acknowledged AS (
    UPDATE coatcheck.node_leases held SET applied_seq = greatest(held.applied_seq, given.applied_seq)
      FROM before JOIN given USING (node_id)
     WHERE held.node_id = before.node_id AND held.expires_at > clock_timestamp()
    RETURNING held.node_id)
  SELECT acknowledged.node_id AS "leaseId", (SELECT seq FROM coatcheck.revocation_head)::float8 AS head,
         (SELECT pg_notify('${ACKNOWLEDGED_CHANNEL}', '') WHERE EXISTS (
           SELECT 1 FROM before JOIN given USING (node_id) WHERE before.applied_seq < given.applied_seq))
    FROM acknowledged, quickly`);

const STATUS =
  prepared(`SELECT head.seq::float8 AS head, lease.node_id AS "leaseId", lease.applied_seq::float8 AS "appliedSeq",
              ceil(extract(epoch FROM lease.expires_at - now()) * 1000)::float8 AS "expiresInMilliseconds"
         FROM coatcheck.revocation_head head LEFT JOIN coatcheck.node_leases lease ON lease.expires_at > now()`);
