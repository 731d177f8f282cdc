import { Injectable } from '@nestjs/common';
import type { AuthSession } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { UserDirectory } from '../users/user-directory.js';
import {
  type LivePartOfAll,
  positionOf,
  type SessionKey,
  type SessionPart,
  type SessionPosition,
} from './live-part.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { cursorAt, cursorAtKey, keyIn, positionIn } from './session-cursor.js';
import { isOfEpoch, SessionEpochs } from './session-epochs.js';
import { SessionTouches } from './session-touches.js';
import { toAuthSession } from './to-auth-session.js';

/** Users looked at for one part, where the store cannot list by itself. */
const USERS_A_PART = 200;
const USERS_TOGETHER = 10;
/** Before all of a user's, the latest of which comes first, and after all. */
const AHEAD = { startedAt: new Date(Date.UTC(9999, 11, 31)), sessionId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
const BEHIND = { startedAt: new Date(0), sessionId: '00000000-0000-0000-0000-000000000000' };

/** A part of the list. */
export interface SessionPage {
  readonly sessions: AuthSession[];
  /** Where the next begins; null after the last. */
  readonly next: SessionKey | null;
}

/** A page of the newest. */
export interface NewestSessionsPage {
  readonly sessions: AuthSession[];
  /** The cursor of the next page; null after the last. */
  readonly nextCursor: string | null;
  /** False: this store has no such order, and the sessions are sorted by user as {@link LiveSessions.list} gives them. */
  readonly isNewestFirst: boolean;
}

/** Lists the live sessions of all users, on any store. */
@Injectable()
export class LiveSessions {
  constructor(
    private readonly users: UserDirectory,
    private readonly store: SessionStore,
    private readonly epochs: SessionEpochs,
    private readonly touches: SessionTouches,
    private readonly clock: Clock,
  ) {}

  /**
   * By user: what is started or ended meanwhile moves nothing else. Does a bounded amount of work, so a page may have fewer than
   * `limit`, or none, though more follow.
   */
  async list(after: SessionKey | null, limit: number): Promise<SessionPage> {
    await this.touches.flush();
    const now = this.clock.now();
    const { sessions, next } =
      (await this.store.listLiveOfAll(after, limit, now)) ?? (await this.listByUser(after, limit, now));
    return { sessions: await this.inForce(sessions, now), next };
  }

  /**
   * The latest started first; by user where the store has no such order (Redis, Memcached). What is started meanwhile comes before the first
   * page and moves no other. Does a bounded amount of work, so a page may be short as in {@link list}.
   *
   * @param cursor `nextCursor` of the page before; undefined: from the first
   * @throws AuthError `validation_failed` for text that is no cursor of this list
   */
  async listNewest(cursor: string | undefined, limit: number): Promise<NewestSessionsPage> {
    if (!this.store.sortsEveryones) {
      const { sessions, next } = await this.list(keyIn(cursor), limit);
      return { sessions, nextCursor: cursorAtKey(next), isNewestFirst: false };
    }
    const after = positionIn(cursor);
    await this.touches.flush();
    const now = this.clock.now();
    const { sessions, next } = await this.store.listNewestOfAll(after, limit, now);
    return { sessions: await this.inForce(sessions, now), nextCursor: cursorAt(next), isNewestFirst: true };
  }

  /** Without those that an epoch has ended. */
  private async inForce(sessions: readonly SessionRecord[], now: Date): Promise<AuthSession[]> {
    const among = [...new Set(sessions.map(({ userId }) => userId))];
    const [globalEpoch, { users }] = await Promise.all([
      this.epochs.globalEpoch(),
      among.length === 0 ? { users: [] } : this.users.list({ among, limit: among.length, now }),
    ]);
    const userOf = new Map(users.map((user) => [user.id, user]));
    return sessions
      .filter((session) => {
        const user = userOf.get(session.userId);
        return user !== undefined && isOfEpoch(session, user, globalEpoch);
      })
      .map((session) => toAuthSession(session, session.userId));
  }

  /** The users in their order, a few at a time, until the part is full. */
  private async listByUser(after: SessionKey | null, limit: number, now: Date): Promise<LivePartOfAll> {
    const users = await this.users.listFrom(after?.userId ?? null, USERS_A_PART);
    const sessions: SessionRecord[] = [];
    for (let i = 0; i < users.length; i += USERS_TOGETHER) {
      const some = users.slice(i, i + USERS_TOGETHER);
      const parts = await Promise.all(some.map(({ id }) => this.store.listLive(id, now, partFrom(id, after, limit))));
      for (const [j, part] of parts.entries()) {
        const shown = part.sessions.slice(0, limit - sessions.length);
        sessions.push(...shown);
        const isCut = shown.length < part.sessions.length;
        const place = isCut ? positionAfter(shown) : part.next;
        if (place) return { sessions, next: { ...place, userId: some[j]!.id, epochSum: 0 } };
      }
    }
    const isLast = users.length < USERS_A_PART;
    return { sessions, next: isLast ? null : { ...BEHIND, epochSum: 0, userId: users.at(-1)!.id } };
  }
}

function partFrom(userId: string, after: SessionKey | null, limit: number): SessionPart {
  return { after: after?.userId === userId ? after : null, limit };
}

function positionAfter(shown: readonly SessionRecord[]): SessionPosition {
  return shown.length === 0 ? AHEAD : positionOf(shown.at(-1)!);
}
