import { type DataSource, IsNull, LessThan, MoreThan, type Repository } from 'typeorm';
import { isUuid } from '../../kernel/is-uuid.js';
import { type SessionRecord, type SessionSighting, SessionStore } from '../../sessions/session.store.js';
import { SessionEntity } from './session.entity.js';

/** Sessions in the table `sessions`. Every method is one statement, so each is atomic by itself. */
export class TypeormSessionStore extends SessionStore {
  private readonly sessions: Repository<SessionEntity>;

  constructor(private readonly dataSource: DataSource) {
    super();
    this.sessions = dataSource.getRepository(SessionEntity);
  }

  async insert(session: SessionRecord): Promise<void> {
    await this.sessions.insert({ ...session, amr: [...session.amr] });
  }

  async find(id: string): Promise<SessionRecord | null> {
    if (!isUuid(id)) return null;
    return this.sessions.findOneBy({ id });
  }

  async listLive(userId: string, now: Date): Promise<SessionRecord[]> {
    if (!isUuid(userId)) return [];
    return this.sessions.find({
      where: { userId, endedAt: IsNull(), idleExpiresAt: MoreThan(now), absoluteExpiresAt: MoreThan(now) },
      order: { lastSeenAt: 'DESC', id: 'ASC' },
    });
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionSighting): Promise<boolean> {
    if (!isUuid(id)) return false;
    const unlessLater = { id, endedAt: IsNull(), lastSeenAt: LessThan(lastSeenAt) };
    const { affected } = await this.sessions.update(unlessLater, { lastSeenAt, idleExpiresAt });
    return affected === 1;
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    // Whoever comes second waits for the row, looks at the condition again (READ COMMITTED) and finds it false.
    const { affected } = await this.sessions.update({ id, endedAt: IsNull() }, { endedAt, endReason });
    return affected === 1;
  }

  async endAll(userId: string, endedAt: Date, endReason: string, exceptId?: string): Promise<string[]> {
    if (!isUuid(userId)) return [];
    const spared = exceptId !== undefined && isUuid(exceptId) ? exceptId : null;
    // Rows are locked in one order: two callers ending the same sessions would deadlock otherwise.
    const [ended] = await this.dataSource.query(
      `UPDATE sessions SET ended_at = $2, end_reason = $3
        WHERE ended_at IS NULL AND id IN (
          SELECT id FROM sessions
           WHERE user_id = $1 AND ended_at IS NULL AND ($4::uuid IS NULL OR id <> $4::uuid)
           ORDER BY id FOR UPDATE)
        RETURNING id`,
      [userId, endedAt, endReason, spared],
    );
    return ended.map(({ id }: { id: string }) => id);
  }
}
