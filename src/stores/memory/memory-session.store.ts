import { type SessionRecord, type SessionSighting, SessionStore } from '../../sessions/session.store.js';
import { copyOf } from './copy-of.js';
import { MemoryRevocationFeed } from './memory-revocation.feed.js';

/** Sessions in this process. Each method does its work before its first wait, so each is atomic. */
export class MemorySessionStore extends SessionStore {
  override readonly announces = true;
  private readonly sessions = new Map<string, SessionRecord>();

  constructor(private readonly feed: MemoryRevocationFeed) {
    super();
  }

  async insert(session: SessionRecord): Promise<void> {
    if (this.sessions.has(session.id)) throw new Error('session id is taken');
    this.sessions.set(session.id, copyOf(session));
  }

  async find(id: string): Promise<SessionRecord | null> {
    const session = this.sessions.get(id);
    return session ? copyOf(session) : null;
  }

  async listLive(userId: string, now: Date): Promise<SessionRecord[]> {
    return this.unended(userId)
      .filter(({ idleExpiresAt, absoluteExpiresAt }) => idleExpiresAt > now && absoluteExpiresAt > now)
      .sort((one, other) => other.lastSeenAt.getTime() - one.lastSeenAt.getTime())
      .map(copyOf);
  }

  async touch(id: string, { lastSeenAt, idleExpiresAt }: SessionSighting): Promise<boolean> {
    const session = this.sessions.get(id);
    if (!session || session.endedAt !== null || session.lastSeenAt >= lastSeenAt) return false;
    this.sessions.set(id, copyOf({ ...session, lastSeenAt, idleExpiresAt }));
    return true;
  }

  async consumeLive(id: string, endedAt: Date, endReason: string): Promise<string | null> {
    const session = this.sessions.get(id);
    if (!session || session.endedAt !== null) return null;
    this.end([session], endedAt, endReason);
    return session.userId;
  }

  async endAll(userId: string, endedAt: Date, endReason: string, exceptId?: string): Promise<string[]> {
    const ended = this.unended(userId).filter(({ id }) => id !== exceptId);
    this.end(ended, endedAt, endReason);
    return ended.map(({ id }) => id);
  }

  private end(sessions: readonly SessionRecord[], endedAt: Date, endReason: string): void {
    for (const session of sessions) this.sessions.set(session.id, copyOf({ ...session, endedAt, endReason }));
    this.feed.appendNow(sessions.map(({ id }) => ({ subject: `session:${id}`, kind: 'ended' })));
  }

  private unended(userId: string): SessionRecord[] {
    return [...this.sessions.values()].filter((session) => session.userId === userId && session.endedAt === null);
  }
}
