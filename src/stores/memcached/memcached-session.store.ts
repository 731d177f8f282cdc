import { randomUUID } from 'node:crypto';
import { isUuid } from '../../kernel/is-uuid.js';
import { type SessionRecord, type SessionSighting, SessionStore } from '../../sessions/session.store.js';
import type { Change, MemcachedConnection } from './memcached-connection.js';
import { lifeSecondsOf, sessionKey, userKey } from './memcached-keys.js';
import { fromJson, type SessionJson, toJson } from './session-json.js';
import { beginGeneration, enlist, judged, strike, type UserSessions } from './user-sessions.js';

/**
 * Sessions in Memcached. Each bears the mark of its user's generation; `endAll` begins a new one by a single write, and what
 * bears an old mark is over, whether it can still be enumerated or not. Whatever was forgotten, session or generation, is a
 * logout: a new generation has a mark that no session ever bore.
 */
export class MemcachedSessionStore extends SessionStore {
  constructor(private readonly cache: MemcachedConnection) {
    super();
  }

  async insert(session: SessionRecord): Promise<void> {
    const { id, userId } = session;
    if (!isUuid(id) || !isUuid(userId)) throw new TypeError('session and user ids are UUIDs');
    const life = lifeSecondsOf(session);
    // First the mark, then the session: an `endAll` in between makes the mark an old one.
    const generation = await this.cache.change<UserSessions, string>(userKey(userId), (held) => {
      const value = enlist(held, session, randomUUID(), life);
      return { write: { value, lifeSeconds: value.lifeSeconds }, result: value.generation };
    });
    const isFree = await this.cache.add(sessionKey(id), toJson(session, generation), life);
    if (!isFree) throw new Error('session id is taken');
  }

  async find(id: string): Promise<SessionRecord | null> {
    const session = await this.read(id);
    if (!session) return null;
    const record = fromJson(session);
    return record.endedAt ? record : judged(record, session.generation, await this.sessionsOf(record.userId));
  }

  async listLive(userId: string, now: Date): Promise<SessionRecord[]> {
    const user = isUuid(userId) ? await this.sessionsOf(userId) : null;
    if (!user) return [];
    const found = await Promise.all(Object.keys(user.deadlines).map((id) => this.read(id)));
    return found
      .filter((session) => session?.userId === userId)
      .map((session) => judged(fromJson(session!), session!.generation, user))
      .filter((session) => session !== null)
      .filter((session) => !session.endedAt && session.idleExpiresAt > now && session.absoluteExpiresAt > now)
      .sort((one, other) => other.lastSeenAt.getTime() - one.lastSeenAt.getTime());
  }

  override async listLiveOfAll(userIds: readonly string[], now: Date): Promise<SessionRecord[]> {
    return (await Promise.all(userIds.map((userId) => this.listLive(userId, now)))).flat();
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionSighting): Promise<boolean> {
    if (!isUuid(id)) return false;
    return this.cache.change<SessionJson, boolean>(sessionKey(id), (held) => {
      if (!held || held.endedAt !== null || new Date(held.lastSeenAt) >= lastSeenAt) return { result: false };
      const record = { ...fromJson(held), lastSeenAt, idleExpiresAt };
      return { write: written(record, held.generation), result: true };
    });
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const userId = await this.end(id, { endedAt, endReason });
    if (userId === null) return null;
    // Only tidiness: the session is over, so a failure here must not look like one to end it.
    await this.cache
      .change<UserSessions, void>(userKey(userId), (held) => {
        if (!held || held.deadlines[id] === undefined) return { result: undefined };
        return { write: { value: strike(held, id), lifeSeconds: held.lifeSeconds }, result: undefined };
      })
      .catch(() => {});
    return userId;
  }

  async endAll(userId: string, endedAt: Date, endReason: string, exceptId?: string): Promise<string[]> {
    if (!isUuid(userId)) return [];
    const end = { endedAt, endReason };
    const except = exceptId === undefined ? null : await this.read(exceptId);
    const ids = await this.cache.change<UserSessions, string[]>(userKey(userId), (held) => {
      if (!held) return { result: [] };
      const value = beginGeneration(held, randomUUID(), end, except);
      const ended = Object.keys(held.deadlines).filter((id) => id !== value.sparedId);
      return { write: { value, lifeSeconds: value.lifeSeconds }, result: ended };
    });
    // They are over already. Each is marked as well, so that exactly one caller is told of each.
    const winners = await Promise.all(ids.map((id) => this.end(id, end, userId)));
    return ids.filter((_, i) => winners[i] !== null);
  }

  /** The user whose session it was, for exactly one caller; null when it was over, is not there, or is not `ownerId`'s. */
  private async end(id: string, { endedAt, endReason }: { endedAt: Date; endReason: string }, ownerId?: string) {
    if (!isUuid(id)) return null;
    return this.cache.change<SessionJson, string | null>(sessionKey(id), (held): Change<SessionJson, string | null> => {
      if (!held || held.endedAt !== null || (ownerId ?? held.userId) !== held.userId) return { result: null };
      return { write: written({ ...fromJson(held), endedAt, endReason }, held.generation), result: held.userId };
    });
  }

  private async read(id: string): Promise<SessionJson | null> {
    if (!isUuid(id)) return null;
    return (await this.cache.get<SessionJson>(sessionKey(id)))?.value ?? null;
  }

  private async sessionsOf(userId: string): Promise<UserSessions | null> {
    return (await this.cache.get<UserSessions>(userKey(userId)))?.value ?? null;
  }
}

function written(record: SessionRecord, generation: string): { value: SessionJson; lifeSeconds: number } {
  return { value: toJson(record, generation), lifeSeconds: lifeSecondsOf(record) };
}
