import { randomUUID } from 'node:crypto';
import type { CustomClaims, SessionMetadata } from '../../kernel/auth-context.js';
import { isUuid } from '../../kernel/is-uuid.js';
import { isInForce, isLive, type LivePart, partOf, type SessionPart } from '../../sessions/live-part.js';
import { type SessionRecord, SessionStore, type SessionTouch } from '../../sessions/session.store.js';
import type { SessionsPerUser } from '../../sessions/sessions-per-user.js';
import type { Change, MemcachedConnection } from './memcached-connection.js';
import { lifeSecondsOf, sessionKey, userKey } from './memcached-keys.js';
import { fromJson, type SessionJson, toJson } from './session-json.js';
import { addSession, removeSessions, type UserSessions } from './session-list.js';

/** Values asked for at once by one caller. */
const TOGETHER = 100;
/** Listed so long ago, and not kept yet, it never will be; also where clocks are many minutes apart. */
const PENDING_MS = 3_600_000;

/**
 * Sessions in Memcached. Each bears the mark of its user's list: where that was forgotten its sessions are over, rather than live
 * and listed nowhere. Whatever was forgotten, session or list, is a logout.
 */
export class MemcachedSessionStore extends SessionStore {
  constructor(private readonly cache: MemcachedConnection) {
    super();
  }

  async insert(session: SessionRecord, _record?: unknown, bound?: SessionsPerUser): Promise<string[]> {
    const { id, userId } = session;
    if (!isUuid(id) || !isUuid(userId)) throw new TypeError('session and user ids are UUIDs');
    const life = lifeSecondsOf(session);
    // First the mark, then the session: a list that is forgotten in between takes it along.
    const { mark } = await this.cache.change<UserSessions, UserSessions>(userKey(userId), (held) => {
      const value = addSession(held, session, randomUUID(), life);
      return { write: { value, lifeSeconds: value.lifeSeconds }, result: value };
    });
    const isFree = await this.cache.add(sessionKey(id), toJson(session, mark), life);
    if (!isFree) throw new Error('session id is taken');
    if (!bound) return [];
    // Not by what was listed before: a session listed meanwhile may have looked before this one was kept.
    const { starts } = (await this.sessionsOf(userId)) ?? { starts: {} };
    if (Object.keys(starts).length <= bound.most) return [];
    const { oldest, count } = await this.beyond(session, bound);
    return this.endFirst(oldest, count, session, bound);
  }

  async find(id: string): Promise<SessionRecord | null> {
    const session = await this.read(id);
    if (!session) return null;
    const record = fromJson(session);
    if (record.endedAt) return record;
    return (await this.sessionsOf(record.userId))?.mark === session.mark ? record : null;
  }

  async listLive(userId: string, now: Date, part: SessionPart): Promise<LivePart> {
    const listed = isUuid(userId) ? await this.listed(userId) : [];
    const live = listed.map(({ session }) => session).filter((session) => session !== null && isLive(session, now));
    return partOf(live as SessionRecord[], part);
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionTouch): Promise<boolean> {
    if (!isUuid(id)) return false;
    return this.cache.change<SessionJson, boolean>(sessionKey(id), (held) => {
      if (!held || held.endedAt !== null || new Date(held.lastSeenAt) >= lastSeenAt) return { result: false };
      const record = { ...fromJson(held), lastSeenAt, idleExpiresAt };
      return { write: written(record, held.mark), result: true };
    });
  }

  override async writeClaims(id: string, claims: CustomClaims, claimsRevision: number): Promise<boolean> {
    return this.amend(id, (held) => ((held.claimsRevision ?? 0) >= claimsRevision ? null : { claims, claimsRevision }));
  }

  override async writeMetadata(id: string, metadata: SessionMetadata): Promise<boolean> {
    return this.amend(id, () => ({ metadata }));
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const userId = await this.end(id, { endedAt, endReason });
    if (userId === null) return null;
    // Only tidiness: the session is over, so a failure here must not look like one to end it.
    await this.removeSessions(userId, [id]).catch(() => {});
    return userId;
  }

  /** Changes a live session; null: not this one. */
  private async amend(id: string, change: (held: SessionJson) => Partial<SessionRecord> | null): Promise<boolean> {
    if (!isUuid(id)) return false;
    return this.cache.change<SessionJson, boolean>(sessionKey(id), (held): Change<SessionJson, boolean> => {
      const changed = held && held.endedAt === null ? change(held) : null;
      if (!held || !changed) return { result: false };
      return { write: written({ ...fromJson(held), ...changed }, held.mark), result: true };
    });
  }

  /**
   * A user's sessions beyond the bound, the first to end first, and how many of them. A session kept later looks later, and sees this one.
   * Takes what is over out of the list.
   */
  private async beyond({ userId, lastSeenAt: now }: SessionRecord, { most, inForce }: SessionsPerUser) {
    const oldest: SessionRecord[] = [];
    const over: string[] = [];
    for (const { id, start, session } of await this.listed(userId)) {
      if (session && isLive(session, now) && isInForce(session, inForce)) oldest.push(session);
      else if (session || now.getTime() - start >= PENDING_MS) over.push(id);
    }
    if (over.length > 0) await this.removeSessions(userId, over).catch(() => {});
    return { oldest, count: oldest.length - most };
  }

  /** Every session in the user's list; null where it is not there, or not of this list. */
  private async listed(userId: string) {
    const user = await this.sessionsOf(userId);
    const starts = Object.entries(user?.starts ?? {});
    const found: { id: string; start: number; session: SessionRecord | null }[] = [];
    for (let i = 0; i < starts.length; i += TOGETHER) {
      const read = starts.slice(i, i + TOGETHER).map(async ([id, start]) => {
        const session = await this.read(id);
        const isOurs = session?.userId === userId && session.mark === user?.mark;
        return { id, start, session: isOurs ? fromJson(session) : null };
      });
      found.push(...(await Promise.all(read)));
    }
    return found;
  }

  private removeSessions(userId: string, ids: readonly string[]): Promise<void> {
    return this.cache.change<UserSessions, void>(userKey(userId), (held) => {
      if (!held || ids.every((id) => held.starts[id] === undefined)) return { result: undefined };
      return { write: { value: removeSessions(held, ids), lifeSeconds: held.lifeSeconds }, result: undefined };
    });
  }

  /** The user whose session it was, for exactly one caller; null when it was over, or is not there. */
  private async end(id: string, { endedAt, endReason }: { endedAt: Date; endReason: string }) {
    if (!isUuid(id)) return null;
    return this.cache.change<SessionJson, string | null>(sessionKey(id), (held): Change<SessionJson, string | null> => {
      if (!held || held.endedAt !== null) return { result: null };
      return { write: written({ ...fromJson(held), endedAt, endReason }, held.mark), result: held.userId };
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

function written(record: SessionRecord, mark: string): { value: SessionJson; lifeSeconds: number } {
  return { value: toJson(record, mark), lifeSeconds: lifeSecondsOf(record) };
}
