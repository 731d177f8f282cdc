import { isUuid } from '../../kernel/is-uuid.js';
import {
  isAfter,
  isInForce,
  isLive,
  type LivePart,
  positionOf,
  type SessionPart,
  type SessionPosition,
} from '../../sessions/live-part.js';
import type { SessionRecord } from '../../sessions/session.store.js';
import type { SessionsPerUser } from '../../sessions/sessions-per-user.js';
import type { RedisConnection } from './redis-connection.js';
import { sessionKey } from './redis-keys.js';
import { readSession, SESSION_FIELDS, type StoredSession } from './session-hash.js';
import type { SessionsByStart } from './sessions-by-start.js';

/** Commands on their way at once for one caller. */
const TOGETHER = 100;
/** A part of a list is looked for in so many steps at most. */
const MOST_LOOKS = 20;
/** A user with so many more than allowed is not looked through: the oldest go. */
const FAR_BEYOND = 1_000;
/** Entered into the index so long ago, and not kept yet, it never will be; also where clocks are many minutes apart. */
const PENDING_MS = 3_600_000;

/** An entry of the index, with what it stands for; null: not there, or of another index. */
export interface IndexedSession extends SessionPosition {
  readonly id: string;
  readonly stored: StoredSession | null;
}

/** Reads sessions, a bounded number at a time. */
export class SessionReader {
  constructor(
    private readonly redis: RedisConnection,
    private readonly index: SessionsByStart,
  ) {}

  async readSession(id: string): Promise<StoredSession | null> {
    if (!isUuid(id)) return null;
    const key = sessionKey(id);
    return readSession((await this.redis.ask(key, ['HMGET', key, ...SESSION_FIELDS])) as (string | null)[]);
  }

  /** As `SessionStore.listLive`. */
  async listLive(userId: string, now: Date, { after, limit, inForce }: SessionPart): Promise<LivePart> {
    const sessions: SessionRecord[] = [];
    let rank = after ? await this.index.rankAfter(userId, after) : 0;
    let reached: SessionPosition | null = null;
    for (let look = 0; look < MOST_LOOKS; look++) {
      const found = await this.entries(userId, rank, 'latest');
      const listed = found.map(({ stored }) => stored?.record).filter((session) => session !== undefined);
      for (const session of listed) {
        const isMeant = isLive(session, now) && (!inForce || isInForce(session, inForce));
        if (isMeant && (!after || isAfter(session, after))) sessions.push(session);
      }
      if (sessions.length > limit)
        return { sessions: sessions.slice(0, limit), next: positionOf(sessions[limit - 1]!) };
      if (found.length < TOGETHER) return { sessions, next: null };
      reached = found.at(-1)!;
      rank += TOGETHER;
    }
    return { sessions, next: reached };
  }

  /** A hundred entries at most, the oldest first, from `rank` on. */
  oldest(userId: string, rank: number): Promise<IndexedSession[]> {
    return this.entries(userId, rank, 'oldest');
  }

  /**
   * A user's sessions beyond the bound, the first to end first, and how many of them. A session kept later looks later, and sees this one.
   * Takes what is over out of the index.
   */
  async beyond(session: SessionRecord, bound: SessionsPerUser): Promise<{ oldest: SessionRecord[]; count: number }> {
    const size = await this.index.sizeOf(session.userId);
    if (size <= bound.most) return { oldest: [], count: 0 };
    const isFar = size > bound.most + FAR_BEYOND;
    const { live, over } = await this.surveyed(session, bound, isFar);
    await this.index.removeSessions(session.userId, over).catch(() => {});
    const inOrder = live.sort((one, other) => one.number - other.number).map(({ record }) => record);
    // Of one that is not looked through, these are some of the many that are too many: all but the new one may go.
    const oldest = isFar ? inOrder.filter(({ id }) => id !== session.id) : inOrder;
    return { oldest, count: isFar ? oldest.length : live.length - bound.most };
  }

  private async surveyed({ userId, lastSeenAt: now }: SessionRecord, { inForce }: SessionsPerUser, isFar: boolean) {
    const live: StoredSession[] = [];
    const over: string[] = [];
    for (let rank = 0; ; rank += TOGETHER) {
      const found = await this.oldest(userId, rank);
      for (const { id, startedAt, stored } of found) {
        if (stored && isLive(stored.record, now) && isInForce(stored.record, inForce)) live.push(stored);
        else if (stored || now.getTime() - startedAt.getTime() >= PENDING_MS) over.push(id);
      }
      if (found.length < TOGETHER || (isFar && rank > 0)) return { live, over };
    }
  }

  private async entries(userId: string, rank: number, from: 'latest' | 'oldest'): Promise<IndexedSession[]> {
    const [places, mark] = await Promise.all([
      this.index.readRange(userId, rank, TOGETHER, from),
      this.index.markOf(userId),
    ]);
    return Promise.all(
      places.map(async (place): Promise<IndexedSession> => {
        const stored = await this.readSession(place.sessionId);
        const isOurs = stored?.mark === mark && stored.record.userId === userId;
        return { ...place, id: place.sessionId, stored: isOurs ? stored : null };
      }),
    );
  }
}
