import { type DataSource, type EntityManager, IsNull, LessThan, type Repository } from 'typeorm';
import { flushWith, type PendingAuditEvents } from '../../audit/pending-audit-events.js';
import { prepared } from '../../database/prepared.js';
import { selectFrom, type Table, tableOf } from '../../database/table-of.js';
import { eachRowAlone } from '../../database/unreadable-rows.js';
import type { CustomClaims, SessionMetadata } from '../../kernel/auth-context.js';
import { Batcher } from '../../kernel/batcher.js';
import { isUuid } from '../../kernel/is-uuid.js';
import { subtractionValues } from '../../sessions/database-counters.store.js';
import type { LivePart, LivePartOfAll, SessionKey, SessionPart, SessionPosition } from '../../sessions/live-part.js';
import {
  type LockTogether,
  type SessionRecord,
  SessionStore,
  type SessionTouch,
} from '../../sessions/session.store.js';
import type { SessionsPerUser } from '../../sessions/sessions-per-user.js';
import { announcing, type EndedRow } from './announcing.js';
import { EndingTogether } from './ending-together.js';
import { JoinedLookup } from './joined-lookup.js';
import { LiveLists } from './live-lists.js';
import { LockedLookup } from './locked-lookup.js';
import { SessionEntity } from './session.entity.js';
import { STARTING, STARTING_AND_SUBTRACTING, startingValues } from './starting.js';

/** More than one, for a slow statement must not hold up everyone. */
const LOOKUPS_AT_A_TIME = 3;

/** Sessions in the table `sessions`. Every method is one statement, so each is atomic by itself. */
export class TypeormSessionStore extends SessionStore {
  override readonly announces = true;
  override readonly sortsEveryones = true;
  private readonly sessions: Repository<SessionEntity>;
  private readonly ending: EndingTogether;
  private readonly finding = new Batcher(
    eachRowAlone((ids: readonly string[]) => this.findAll(ids)),
    { concurrency: LOOKUPS_AT_A_TIME },
  );
  // Not at once: a DataSource knows its tables when it is initialised.
  private lists: LiveLists | undefined;
  private named: Table<keyof SessionRecord> | undefined;
  private pairs: readonly [string, string][] | undefined;
  private lookup: string | undefined;

  constructor(private readonly dataSource: DataSource) {
    super();
    this.sessions = dataSource.getRepository(SessionEntity);
    this.ending = new EndingTogether(dataSource);
  }

  async insert(
    session: SessionRecord,
    pendingEvents?: PendingAuditEvents,
    bound?: SessionsPerUser,
    giveBack?: Parameters<SessionStore['insert']>[3],
  ): Promise<string[]> {
    const row = Object.fromEntries(
      this.columns.map(([property, column]) => [column, session[property as keyof SessionRecord]]),
    );
    const values = startingValues(session, JSON.stringify(row), bound, {
      started: flushWith(this.dataSource, pendingEvents),
      ended: flushWith(this.dataSource, bound?.pendingEvents),
    });
    const counted = giveBack?.flushWith(this.dataSource) ?? [];
    const ended = await (counted.length === 0
      ? this.dataSource.query<EndedRow[]>(STARTING, values)
      : this.dataSource.query<EndedRow[]>(STARTING_AND_SUBTRACTING, [...values, ...subtractionValues(counted)]));
    return ended.map(({ id }) => id);
  }

  async find(id: string, within?: EntityManager): Promise<SessionRecord | null> {
    if (!isUuid(id)) return null;
    if (within?.connection === this.dataSource)
      return within.findOne(SessionEntity, { where: { id }, lock: { mode: 'pessimistic_read' } });
    // Every logout from a node that does not know the session makes one: those at once go in one statement.
    return this.finding.load(id.toLowerCase());
  }

  override joinedWith(users: Parameters<SessionStore['joinedWith']>[0]) {
    if (users.dataSource !== this.dataSource) return null;
    const lookup = new JoinedLookup(this.dataSource, users);
    return (id: string) => lookup.find(id);
  }

  override lockedWith(users: Parameters<SessionStore['lockedWith']>[0]): LockTogether | null {
    if (users.dataSource !== this.dataSource) return null;
    const lookup = new LockedLookup(users);
    return (userIds, sessionId, within) => lookup.find(userIds, sessionId, within);
  }

  async listLive(userId: string, now: Date, part: SessionPart): Promise<LivePart> {
    return isUuid(userId) ? this.list().ofUser(userId, now, part) : { sessions: [], next: null };
  }

  override listLiveOfAll(after: SessionKey | null, limit: number, now: Date): Promise<LivePartOfAll> {
    return this.list().ofAll(after, limit, now);
  }

  override listNewestOfAll(after: SessionPosition | null, limit: number, now: Date): Promise<LivePart> {
    return this.list().newestOfAll(after, limit, now);
  }

  override async countLiveOfAll(now: Date, most: number): Promise<number> {
    const [{ count }] = await this.dataSource.query(COUNT_LIVE, [now, most]);
    return count;
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionTouch): Promise<boolean> {
    if (!isUuid(id)) return false;
    const unlessLater = { id, endedAt: IsNull(), lastSeenAt: LessThan(lastSeenAt) };
    const { affected } = await this.sessions.update(unlessLater, { lastSeenAt, idleExpiresAt });
    return affected === 1;
  }

  override async touchAll(touches: ReadonlyMap<string, SessionTouch>): Promise<void> {
    const ids = [...touches.keys()].filter(isUuid).sort();
    if (ids.length === 0) return;
    const seen = ids.map((id) => touches.get(id)!);
    // Ordered by id, as `start_session` locks: the two would deadlock otherwise.
    await this.dataSource.query(
      `WITH seen AS (
         SELECT session.id, given.last_seen_at, given.idle_expires_at
           FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS given (id, last_seen_at, idle_expires_at)
           JOIN coatcheck.sessions session ON session.id = given.id
          WHERE session.ended_at IS NULL AND session.last_seen_at < given.last_seen_at
          ORDER BY session.id FOR UPDATE OF session)
       UPDATE coatcheck.sessions SET last_seen_at = seen.last_seen_at, idle_expires_at = seen.idle_expires_at
         FROM seen WHERE sessions.id = seen.id`,
      [ids, seen.map(({ lastSeenAt }) => lastSeenAt), seen.map(({ idleExpiresAt }) => idleExpiresAt)],
    );
  }

  override async writeClaims(id: string, claims: CustomClaims, revision: number): Promise<boolean> {
    if (!isUuid(id)) return false;
    const [, count] = await this.dataSource.query(WRITE_CLAIMS, [id, JSON.stringify(claims), revision]);
    return count === 1;
  }

  override async writeMetadata(id: string, metadata: SessionMetadata): Promise<boolean> {
    if (!isUuid(id)) return false;
    const written = await this.dataSource.query<unknown[]>(WRITE_METADATA, [id, JSON.stringify(metadata)]);
    return written.length === 1;
  }

  consumeLive(
    id: string,
    endedAt: Date,
    endReason: string,
    pendingEvents?: PendingAuditEvents,
    within?: EntityManager,
  ): Promise<string | null> {
    const end = { id, endedAt, endReason, pendingEvents };
    return this.ending.consumeLive(end, within?.connection === this.dataSource ? within : undefined);
  }

  override async markSuperseded(
    userId: string,
    beforeEpochSum: number,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
  ): Promise<number> {
    if (!isUuid(userId)) return 0;
    const excepted = exceptId !== undefined && isUuid(exceptId) ? exceptId : null;
    for (let marked = 0; ; ) {
      const [, count] = await this.dataSource.query(MARK_SUPERSEDED, [
        userId,
        endedAt,
        endReason,
        excepted,
        beforeEpochSum,
      ]);
      marked += count;
      if (count < MARKED_TOGETHER) return marked;
    }
  }

  private get table(): Table<keyof SessionRecord> {
    this.named ??= tableOf<keyof SessionRecord>(this.dataSource, SessionEntity);
    return this.named;
  }

  private get columns(): readonly [string, string][] {
    this.pairs ??= Object.entries(this.table.columns);
    return this.pairs;
  }

  private async findAll(ids: readonly string[]): Promise<(SessionRecord | null)[]> {
    this.lookup ??= prepared(`${selectFrom(this.table)} WHERE id = ANY ($1::uuid[])`);
    const rows = await this.dataSource.query<SessionRecord[]>(this.lookup, [ids]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private list(): LiveLists {
    this.lists ??= new LiveLists(this.dataSource);
    return this.lists;
  }
}

/** The most rows that one statement locks; none that another transaction has locked. */
const MARKED_TOGETHER = 1_000;

const MARK_SUPERSEDED = `
  UPDATE coatcheck.sessions SET ended_at = $2, end_reason = $3
   WHERE id IN (
     SELECT id FROM coatcheck.sessions
      WHERE user_id = $1 AND ended_at IS NULL AND epoch_sum < $5 AND ($4::uuid IS NULL OR id <> $4::uuid)
      LIMIT ${MARKED_TOGETHER} FOR UPDATE SKIP LOCKED)`;

const COUNT_LIVE = `
  SELECT count(*)::integer AS count FROM (
    SELECT FROM coatcheck.sessions
     WHERE ended_at IS NULL AND idle_expires_at > $1 AND absolute_expires_at > $1 LIMIT $2) live`;

const WRITE_CLAIMS = `
  UPDATE coatcheck.sessions SET claims = $2::jsonb, claims_revision = $3
   WHERE id = $1 AND ended_at IS NULL AND (claims_revision IS NULL OR claims_revision < $3)`;

const WRITE_METADATA = announcing(
  'noted AS (UPDATE coatcheck.sessions SET metadata = $2::jsonb WHERE id = $1 AND ended_at IS NULL RETURNING id)',
  `SELECT 'session:' || id AS subject, 'changed' AS kind, row_number() OVER () AS place FROM noted`,
);
