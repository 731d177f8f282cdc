import type { DataSource, EntityManager } from 'typeorm';
import { isEmbedded } from '../../database/data-source-options.js';
import { canListen } from '../../database/pooling.js';
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
import { ACKNOWLEDGE, RENEW, SINCE, STATUS } from './feed-statements.js';
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
  private readonly acknowledgements = new Batcher((given: readonly Acknowledged[]) => this.note(ACKNOWLEDGE, given));
  /** Those of one revocation come together too, and each alone would wait for the disk. */
  private readonly renewals = new Batcher((given: readonly Renewed[]) =>
    this.note(
      RENEW,
      given,
      given.map(({ leaseSeconds }) => leaseSeconds),
    ),
  );

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
    return this.renewals.load({ leaseId, appliedSeq, leaseSeconds });
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

  private async note(
    statement: string,
    given: readonly Acknowledged[],
    ...more: readonly unknown[]
  ): Promise<(number | null)[]> {
    const noted = await this.query<{ leaseId: string; head: number }>(statement, [
      given.map(({ leaseId }) => leaseId),
      given.map(({ appliedSeq }) => appliedSeq),
      ...more,
    ]);
    const heads = new Map(noted.map(({ leaseId, head }) => [leaseId, head]));
    return given.map(({ leaseId }) => heads.get(leaseId) ?? null);
  }

  private query<T>(sql: string, values?: unknown[]): Promise<T[]> {
    if (!this.connection) return this.dataSource.query(sql, values);
    return this.connection.query<T>(inSchema(sql, schemaOf(this.dataSource)), values);
  }
}

interface Acknowledged {
  readonly leaseId: string;
  readonly appliedSeq: number;
}

interface Renewed extends Acknowledged {
  readonly leaseSeconds: number;
}
