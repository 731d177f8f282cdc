import { randomUUID } from 'node:crypto';
import { isUuid } from '../../kernel/is-uuid.js';
import type { Announcement, Subject } from '../../revocation/revocation-feed.js';
import { type SessionRecord, type SessionSighting, SessionStore } from '../../sessions/session.store.js';
import { GENERATION_FIELDS, type Generation, judged, readGeneration } from './generation.js';
import type { RedisConnection } from './redis-connection.js';
import { generationKey, indexKey, sessionKey } from './redis-keys.js';
import type { RedisRevocationFeed } from './redis-revocation.feed.js';
import { fixedPartOf, readSession, SESSION_FIELDS, type StoredSession } from './session-hash.js';
import { BEGIN_GENERATION, END, ENLIST, INSERT, STRIKE, TOUCH } from './session-scripts.js';

/** An old ticket is told from one that never was for so long after its session's deadline. */
const REMEMBERED_MS = 86_400_000;

/**
 * Sessions in Redis. Each bears the mark of its user's generation; `endAll` begins a new one by a single script, and what
 * bears an old mark is over from then on, also if it was inserted at that very moment. A lost generation ends, never revives.
 */
export class RedisSessionStore extends SessionStore {
  override readonly announces = true;

  constructor(
    private readonly redis: RedisConnection,
    private readonly feed: RedisRevocationFeed,
  ) {
    super();
  }

  async insert(session: SessionRecord): Promise<void> {
    const { id, userId, createdAt, absoluteExpiresAt, lastSeenAt, idleExpiresAt, endedAt, endReason } = session;
    if (!isUuid(id) || !isUuid(userId)) throw new TypeError('session and user ids are UUIDs');
    const life = Math.max(1, absoluteExpiresAt.getTime() - createdAt.getTime() + REMEMBERED_MS);
    const deadline = absoluteExpiresAt.getTime() + REMEMBERED_MS;
    const enlisting = [id, deadline, createdAt.getTime(), life, randomUUID()];
    // First the mark, then the session: an `endAll` in between makes the mark an old one.
    const generation = String(await this.redis.run(ENLIST, [generationKey(userId), indexKey(userId)], enlisting));
    const changing = [lastSeenAt.getTime(), idleExpiresAt.getTime(), endedAt?.getTime() ?? '', endReason ?? ''];
    const values = [fixedPartOf(session), ...changing, generation, userId, life];
    if ((await this.redis.run(INSERT, [sessionKey(id)], values)) !== 1) throw new Error('session id is taken');
  }

  async find(id: string): Promise<SessionRecord | null> {
    const stored = await this.read(id);
    if (!stored || stored.record.endedAt) return stored?.record ?? null;
    return judged(stored, await this.generationOf(stored.record.userId));
  }

  async listLive(userId: string, now: Date): Promise<SessionRecord[]> {
    if (!isUuid(userId)) return [];
    const [ids, generation] = await Promise.all([this.indexed(userId), this.generationOf(userId)]);
    const found = await Promise.all(ids.map((id) => this.read(id)));
    return found
      .map((stored) => (stored?.record.userId === userId ? judged(stored, generation) : null))
      .filter((session) => session !== null)
      .filter((session) => !session.endedAt && session.idleExpiresAt > now && session.absoluteExpiresAt > now)
      .sort((one, other) => other.lastSeenAt.getTime() - one.lastSeenAt.getTime());
  }

  override async listLiveOfAll(userIds: readonly string[], now: Date): Promise<SessionRecord[]> {
    return (await Promise.all(userIds.map((userId) => this.listLive(userId, now)))).flat();
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionSighting): Promise<boolean> {
    if (!isUuid(id)) return false;
    return (await this.redis.run(TOUCH, [sessionKey(id)], [lastSeenAt.getTime(), idleExpiresAt.getTime()])) === 1;
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const stored = await this.read(id);
    if (!stored || stored.record.endedAt) return null;
    const subject: Subject = `session:${id}`;
    const winner = await this.feed.around(
      [{ subject, kind: 'ended' }],
      () => this.redis.run(END, [sessionKey(id)], [endedAt.getTime(), endReason, '']),
      (won) => [{ subject, kind: won === null ? 'changed' : 'ended', settles: true }],
      (won) => this.strike(won, id),
    );
    return typeof winner === 'string' ? winner : null;
  }

  async endAll(userId: string, endedAt: Date, endReason: string, exceptId?: string): Promise<string[]> {
    if (!isUuid(userId)) return [];
    const except = exceptId === undefined ? null : await this.read(exceptId);
    if (await this.isNobodyThere(userId)) return [];
    const subject: Subject = `user:${userId}`;
    return this.feed.around(
      [{ subject, kind: 'changed' }],
      () => this.endGeneration(userId, endedAt, endReason, except),
      (ids) => [
        ...ids.map((id): Announcement => ({ subject: `session:${id}`, kind: 'ended' })),
        { subject, kind: 'changed', settles: true },
      ],
    );
  }

  /** Only tidiness: the session is over, so a failure here must not look like one to end it. */
  private async strike(userId: unknown, id: string): Promise<void> {
    if (typeof userId !== 'string') return;
    await this.redis.run(STRIKE, [generationKey(userId), indexKey(userId)], [id]).catch(() => {});
  }

  private async endGeneration(userId: string, endedAt: Date, endReason: string, except: StoredSession | null) {
    const spared = except ? [except.record.id, except.generation] : ['', ''];
    const values = [randomUUID(), endedAt.getTime(), endReason, ...spared];
    const ids = await this.redis.run(BEGIN_GENERATION, [generationKey(userId), indexKey(userId)], values);
    // They are over already. Each is marked as well, so that exactly one caller is told of each.
    const ended = await Promise.all(
      (ids as string[]).map(async (id) => {
        const winner = await this.redis.run(END, [sessionKey(id)], [endedAt.getTime(), endReason, userId]);
        return winner === userId ? [id] : [];
      }),
    );
    return ended.flat();
  }

  /** Whether there is certainly no session to end, listed or not; when in doubt, all nodes are told. */
  private async isNobodyThere(userId: string): Promise<boolean> {
    const [enlisted] = await this.fields(generationKey(userId), ['enlisted']);
    return enlisted === '0';
  }

  private async read(id: string): Promise<StoredSession | null> {
    if (!isUuid(id)) return null;
    return readSession(await this.fields(sessionKey(id), SESSION_FIELDS));
  }

  private async generationOf(userId: string): Promise<Generation | null> {
    return readGeneration(await this.fields(generationKey(userId), GENERATION_FIELDS));
  }

  private async indexed(userId: string): Promise<string[]> {
    return (await this.redis.ask(indexKey(userId), ['ZRANGE', indexKey(userId), '0', '-1'])) as string[];
  }

  private async fields(key: string, names: readonly string[]): Promise<(string | null)[]> {
    return (await this.redis.ask(key, ['HMGET', key, ...names])) as (string | null)[];
  }
}
