import { type DataSource, In, IsNull, LessThan, MoreThan, type Repository } from 'typeorm';
import { type ChangeRecord, writtenOn } from '../../audit/change-record.js';
import { recordingEvents } from '../../audit/recording-events.js';
import { isUuid } from '../../kernel/is-uuid.js';
import { type SessionRecord, type SessionSighting, SessionStore } from '../../sessions/session.store.js';
import { announcingEnded, type EndedRow } from './announcing.js';
import { EndingTogether } from './ending-together.js';
import { JoinedLookup } from './joined-lookup.js';
import { SessionEntity } from './session.entity.js';

/** Sessions in the table `sessions`. Every method is one statement, so each is atomic by itself. */
export class TypeormSessionStore extends SessionStore {
  override readonly announces = true;
  private readonly sessions: Repository<SessionEntity>;
  private readonly ending: EndingTogether;
  private inserting: string | undefined;

  constructor(private readonly dataSource: DataSource) {
    super();
    this.sessions = dataSource.getRepository(SessionEntity);
    this.ending = new EndingTogether(dataSource);
  }

  async insert(session: SessionRecord, record?: ChangeRecord): Promise<void> {
    const { columns } = this.sessions.metadata;
    this.inserting ??= insertionOf(columns.map(({ databaseName }) => databaseName));
    const { events, destinations } = writtenOn(this.dataSource, record);
    const values = columns.map(({ propertyName }) => session[propertyName as keyof SessionRecord]);
    await this.dataSource.query(this.inserting, [...values, events, destinations]);
  }

  async find(id: string): Promise<SessionRecord | null> {
    if (!isUuid(id)) return null;
    return this.sessions.findOneBy({ id });
  }

  override joinedWith(users: Parameters<SessionStore['joinedWith']>[0]) {
    if (users.dataSource !== this.dataSource) return null;
    const lookup = new JoinedLookup(this.dataSource, users);
    return (id: string) => lookup.find(id);
  }

  async listLive(userId: string, now: Date): Promise<SessionRecord[]> {
    if (!isUuid(userId)) return [];
    return this.sessions.find({
      where: { userId, endedAt: IsNull(), idleExpiresAt: MoreThan(now), absoluteExpiresAt: MoreThan(now) },
      order: { lastSeenAt: 'DESC', id: 'ASC' },
    });
  }

  override async listLiveOfAll(userIds: readonly string[], now: Date): Promise<SessionRecord[]> {
    const userId = In(userIds.filter(isUuid));
    return this.sessions.findBy({
      userId,
      endedAt: IsNull(),
      idleExpiresAt: MoreThan(now),
      absoluteExpiresAt: MoreThan(now),
    });
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionSighting): Promise<boolean> {
    if (!isUuid(id)) return false;
    const unlessLater = { id, endedAt: IsNull(), lastSeenAt: LessThan(lastSeenAt) };
    const { affected } = await this.sessions.update(unlessLater, { lastSeenAt, idleExpiresAt });
    return affected === 1;
  }

  override async touchAll(sightings: ReadonlyMap<string, SessionSighting>): Promise<void> {
    const ids = [...sightings.keys()].filter(isUuid).sort();
    if (ids.length === 0) return;
    const seen = ids.map((id) => sightings.get(id)!);
    // Ordered by id, as `endAll` locks: the two would deadlock otherwise.
    await this.dataSource.query(
      `WITH seen AS (
         SELECT session.id, given.last_seen_at, given.idle_expires_at
           FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS given (id, last_seen_at, idle_expires_at)
           JOIN sessions session ON session.id = given.id
          WHERE session.ended_at IS NULL AND session.last_seen_at < given.last_seen_at
          ORDER BY session.id FOR UPDATE OF session)
       UPDATE sessions SET last_seen_at = seen.last_seen_at, idle_expires_at = seen.idle_expires_at
         FROM seen WHERE sessions.id = seen.id`,
      [ids, seen.map(({ lastSeenAt }) => lastSeenAt), seen.map(({ idleExpiresAt }) => idleExpiresAt)],
    );
  }

  consumeLive(id: string, endedAt: Date, endReason: string, record?: ChangeRecord): Promise<string | null> {
    return this.ending.consumeLive(id, endedAt, endReason, record);
  }

  async endAll(
    userId: string,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
    record?: ChangeRecord,
  ): Promise<string[]> {
    if (!isUuid(userId)) return [];
    const spared = exceptId !== undefined && isUuid(exceptId) ? exceptId : null;
    const { events, destinations } = writtenOn(this.dataSource, record);
    const rows = await this.dataSource.query(END_ALL, [userId, endedAt, endReason, spared, events, destinations]);
    return rows.map(({ id }: EndedRow) => id);
  }

  override async markSuperseded(
    userId: string,
    epoch: number,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
  ): Promise<number> {
    if (!isUuid(userId)) return 0;
    const spared = exceptId !== undefined && isUuid(exceptId) ? exceptId : null;
    for (let marked = 0; ; ) {
      const [, count] = await this.dataSource.query(MARK_SUPERSEDED, [userId, endedAt, endReason, spared, epoch]);
      marked += count;
      if (count < MARKED_TOGETHER) return marked;
    }
  }
}

/** By hand: the repository takes longer to write the statement than PostgreSQL to carry it out. */
function insertionOf(columns: readonly string[]): string {
  const [events, destinations] = [`$${columns.length + 1}`, `$${columns.length + 2}`];
  return `
    WITH started AS (
      INSERT INTO sessions (${columns.join()}) VALUES (${columns.map((_, i) => `$${i + 1}`).join()})
      RETURNING id, user_id),
    ${recordingEvents(`SELECT ${events}::jsonb AS events, user_id, id AS session_id FROM started`, destinations)}
    SELECT 1`;
}

/** So many rows are locked by one statement at most. */
const MARKED_TOGETHER = 1_000;

const MARK_SUPERSEDED = `
  UPDATE sessions SET ended_at = $2, end_reason = $3
   WHERE id IN (
     SELECT id FROM sessions
      WHERE user_id = $1 AND ended_at IS NULL AND session_epoch < $5 AND ($4::uuid IS NULL OR id <> $4::uuid)
      ORDER BY id LIMIT ${MARKED_TOGETHER} FOR UPDATE SKIP LOCKED)`;

/** Rows are locked in one order: two callers ending the same sessions would deadlock otherwise. */
const END_ALL = announcingEnded(
  `UPDATE sessions SET ended_at = $2, end_reason = $3
    WHERE ended_at IS NULL AND id IN (
      SELECT id FROM sessions
       WHERE user_id = $1 AND ended_at IS NULL AND ($4::uuid IS NULL OR id <> $4::uuid)
       ORDER BY id FOR UPDATE)
    RETURNING id, user_id`,
  recordingEvents('SELECT $5::jsonb AS events, user_id, id AS session_id FROM ended', '$6'),
);
