import { randomUUID } from 'node:crypto';
import type { CustomClaims, SessionMetadata } from '../../kernel/auth-context.js';
import { isUuid } from '../../kernel/is-uuid.js';
import type { Subject } from '../../revocation/revocation-feed.js';
import type { LivePart, SessionPart } from '../../sessions/live-part.js';
import { type SessionRecord, SessionStore, type SessionTouch } from '../../sessions/session.store.js';
import type { SessionsPerUser } from '../../sessions/sessions-per-user.js';
import type { RedisConnection } from './redis-connection.js';
import { sessionKey } from './redis-keys.js';
import type { RedisRevocationFeed } from './redis-revocation.feed.js';
import { addedPartOf, fixedPartOf } from './session-hash.js';
import { SessionReader } from './session-reader.js';
import { END, INSERT, TOUCH, WRITE_CLAIMS, WRITE_METADATA } from './session-scripts.js';
import { SessionsByStart } from './sessions-by-start.js';

/** An old ticket is told from one that never was for so long after its session's deadline. */
const REMEMBERED_MS = 86_400_000;

/**
 * Sessions in Redis. Each bears the mark of its user's index: where that is lost its sessions are over, rather than live and listed
 * nowhere. Of many sessions never more than a hundred are asked for at once.
 */
export class RedisSessionStore extends SessionStore {
  override readonly announces = true;
  private readonly index: SessionsByStart;
  private readonly reader: SessionReader;

  constructor(
    private readonly redis: RedisConnection,
    private readonly feed: RedisRevocationFeed,
  ) {
    super();
    this.index = new SessionsByStart(redis);
    this.reader = new SessionReader(redis, this.index);
  }

  async insert(session: SessionRecord, _record?: unknown, bound?: SessionsPerUser): Promise<string[]> {
    const { id, userId, createdAt, absoluteExpiresAt, lastSeenAt, idleExpiresAt, endedAt, endReason } = session;
    if (!isUuid(id) || !isUuid(userId)) throw new TypeError('session and user ids are UUIDs');
    const life = Math.max(1, absoluteExpiresAt.getTime() - createdAt.getTime() + REMEMBERED_MS);
    // First the mark, then the session: an index that is lost in between takes it along.
    const { mark, number } = await this.index.addSession(userId, id, createdAt, life, randomUUID());
    const changing = [lastSeenAt.getTime(), idleExpiresAt.getTime(), endedAt?.getTime() ?? '', endReason ?? ''];
    const values = [fixedPartOf(session), ...changing, mark, userId, life, number, ...addedPartOf(session)];
    if ((await this.redis.run(INSERT, [sessionKey(id)], values)) !== 1) throw new Error('session id is taken');
    if (!bound) return [];
    // Not by what was in the index before: a session entered meanwhile may have looked before this one was kept.
    const { oldest, count } = await this.reader.beyond(session, bound);
    return this.endFirst(oldest, count, session, bound);
  }

  async find(id: string): Promise<SessionRecord | null> {
    const stored = await this.reader.readSession(id);
    if (!stored || stored.record.endedAt) return stored?.record ?? null;
    return stored.mark === (await this.index.markOf(stored.record.userId)) ? stored.record : null;
  }

  async listLive(userId: string, now: Date, part: SessionPart): Promise<LivePart> {
    return isUuid(userId) ? this.reader.listLive(userId, now, part) : { sessions: [], next: null };
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionTouch): Promise<boolean> {
    if (!isUuid(id)) return false;
    return (await this.redis.run(TOUCH, [sessionKey(id)], [lastSeenAt.getTime(), idleExpiresAt.getTime()])) === 1;
  }

  override async writeClaims(id: string, claims: CustomClaims, revision: number): Promise<boolean> {
    if (!isUuid(id)) return false;
    return (await this.redis.run(WRITE_CLAIMS, [sessionKey(id)], [JSON.stringify(claims), revision])) === 1;
  }

  override async writeMetadata(id: string, metadata: SessionMetadata): Promise<boolean> {
    if (!isUuid(id)) return false;
    const changed = [{ subject: `session:${id}` as Subject, kind: 'changed' as const }];
    return this.feed.around(
      changed,
      async () => (await this.redis.run(WRITE_METADATA, [sessionKey(id)], [JSON.stringify(metadata)])) === 1,
      () => changed.map((announcement) => ({ ...announcement, settles: true })),
    );
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const stored = await this.reader.readSession(id);
    if (!stored || stored.record.endedAt) return null;
    const subject: Subject = `session:${id}`;
    const winner = await this.feed.around(
      [{ subject, kind: 'ended' }],
      () => this.end(id, endedAt, endReason),
      (won) => [{ subject, kind: won === null ? 'changed' : 'ended', settles: true }],
      // Only tidiness: the session is over, so a failure here must not look like one to end it.
      async (won) => void (won !== null && (await this.index.removeSessions(won, [id]).catch(() => {}))),
    );
    return winner;
  }

  override async markSuperseded(
    userId: string,
    beforeEpochSum: number,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
  ): Promise<number> {
    let marked = 0;
    for (let rank = 0; ; ) {
      const found = isUuid(userId) ? await this.reader.oldest(userId, rank) : [];
      if (found.length === 0) return marked;
      const over = found.filter(
        ({ id, stored }) => stored && stored.record.epochSum < beforeEpochSum && id !== exceptId?.toLowerCase(),
      );
      const winners = await Promise.all(over.map(({ id }) => this.end(id, endedAt, endReason)));
      marked += winners.filter((winner) => winner !== null).length;
      await this.index.removeSessions(
        userId,
        over.map(({ id }) => id),
      );
      rank += found.length - over.length;
    }
  }

  private async end(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const owner = await this.redis.run(END, [sessionKey(id)], [endedAt.getTime(), endReason]);
    return typeof owner === 'string' ? owner : null;
  }
}
