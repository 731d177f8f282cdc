import type { CustomClaims, SessionMetadata } from '../../kernel/auth-context.js';
import {
  isInForce,
  isLive,
  type LivePart,
  partOf,
  type SessionPart,
  type SessionPosition,
} from '../../sessions/live-part.js';
import { type SessionRecord, SessionStore, type SessionTouch } from '../../sessions/session.store.js';
import type { SessionsPerUser } from '../../sessions/sessions-per-user.js';
import { copyOf } from './copy-of.js';
import { MemoryRevocationFeed } from './memory-revocation.feed.js';

/** Sessions in this process. Each method does its work before its first wait, so each is atomic. */
export class MemorySessionStore extends SessionStore {
  override readonly announces = true;
  override readonly sortsEveryones = true;
  private readonly sessions = new Map<string, SessionRecord>();

  constructor(private readonly feed: MemoryRevocationFeed) {
    super();
  }

  async insert(session: SessionRecord, _record?: unknown, bound?: SessionsPerUser): Promise<string[]> {
    if (this.sessions.has(session.id)) throw new Error('session id is taken');
    this.sessions.set(session.id, copyOf(session));
    if (!bound) return [];
    // In the order in which they came: a map keeps it, and clocks may not.
    const live = this.unended(session.userId).filter(
      (one) => isLive(one, session.lastSeenAt) && isInForce(one, bound.inForce),
    );
    return this.endFirst(live, live.length - bound.most, session, bound);
  }

  async find(id: string): Promise<SessionRecord | null> {
    const session = this.sessions.get(id);
    return session ? copyOf(session) : null;
  }

  async listLive(userId: string, now: Date, part: SessionPart): Promise<LivePart> {
    const { sessions, next } = partOf(
      this.unended(userId).filter((session) => isLive(session, now)),
      part,
    );
    return { sessions: sessions.map(copyOf), next };
  }

  override async listNewestOfAll(after: SessionPosition | null, limit: number, now: Date): Promise<LivePart> {
    const live = [...this.sessions.values()].filter((session) => isLive(session, now));
    const { sessions, next } = partOf(live, { after, limit });
    return { sessions: sessions.map(copyOf), next };
  }

  override async countLiveOfAll(now: Date, most: number): Promise<number> {
    return Math.min(most, [...this.sessions.values()].filter((session) => isLive(session, now)).length);
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionTouch): Promise<boolean> {
    const session = this.sessions.get(id);
    if (!session || session.endedAt !== null || session.lastSeenAt >= lastSeenAt) return false;
    this.sessions.set(id, copyOf({ ...session, lastSeenAt, idleExpiresAt }));
    return true;
  }

  override async writeClaims(id: string, claims: CustomClaims, claimsRevision: number): Promise<boolean> {
    const session = this.sessions.get(id);
    if (!session || session.endedAt !== null || (session.claimsRevision ?? 0) >= claimsRevision) return false;
    this.sessions.set(id, copyOf({ ...session, claims, claimsRevision }));
    return true;
  }

  override async writeMetadata(id: string, metadata: SessionMetadata): Promise<boolean> {
    const session = this.sessions.get(id);
    if (!session || session.endedAt !== null) return false;
    this.sessions.set(id, copyOf({ ...session, metadata }));
    this.feed.appendNow([{ subject: `session:${id}`, kind: 'changed' }]);
    return true;
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const session = this.sessions.get(id);
    if (!session || session.endedAt !== null) return null;
    this.end([session], endedAt, endReason);
    return session.userId;
  }

  override async markSuperseded(
    userId: string,
    beforeEpochSum: number,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
  ): Promise<number> {
    const over = this.unended(userId).filter(({ id, epochSum }) => epochSum < beforeEpochSum && id !== exceptId);
    for (const session of over) this.sessions.set(session.id, copyOf({ ...session, endedAt, endReason }));
    return over.length;
  }

  private end(sessions: readonly SessionRecord[], endedAt: Date, endReason: string): void {
    for (const session of sessions) this.sessions.set(session.id, copyOf({ ...session, endedAt, endReason }));
    this.feed.appendNow(sessions.map(({ id }) => ({ subject: `session:${id}`, kind: 'ended' })));
  }

  private unended(userId: string): SessionRecord[] {
    return [...this.sessions.values()].filter((session) => session.userId === userId && session.endedAt === null);
  }
}
