import { Injectable } from '@nestjs/common';
import type { AuthSession } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { UserDirectory } from '../users/user-directory.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { isOfEpoch, SessionEpochs } from './session-epochs.js';
import { SessionSightings } from './session-sightings.js';
import { toAuthSession } from './to-auth-session.js';

/** Users looked at for one page: a store can tell whose sessions it has, but not which users have any. */
const USERS_A_PAGE = 500;
const LAST_OF_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A place in the list: after this session of this user. */
export interface ListPlace {
  readonly userId: string;
  readonly sessionId: string;
}

/** A part of the list. */
export interface SessionPage {
  readonly sessions: AuthSession[];
  /** Where the next begins; null after the last. */
  readonly next: ListPlace | null;
}

/** All live sessions of everybody, in whatever store they are. */
@Injectable()
export class LiveSessions {
  constructor(
    private readonly users: UserDirectory,
    private readonly store: SessionStore,
    private readonly epochs: SessionEpochs,
    private readonly sightings: SessionSightings,
    private readonly clock: Clock,
  ) {}

  /**
   * By user, each one's by id: what is started or ended meanwhile moves nothing else. Does a bounded amount of work, so a page
   * may have fewer than `limit`, or none, though more follow.
   */
  async list(after: ListPlace | null, limit: number): Promise<SessionPage> {
    await this.sightings.flush();
    const everybody = await this.epochs.ofEverybody();
    const users = await this.users.listFrom(after?.userId ?? null, USERS_A_PAGE);
    const userOf = new Map(users.map((user) => [user.id, user]));
    const found = await this.store.listLiveOfAll([...userOf.keys()], this.clock.now());
    const sessions = found
      .filter((session) => isOfEpoch(session, userOf.get(session.userId)!, everybody))
      .filter((session) => after === null || place(session) > place({ userId: after.userId, id: after.sessionId }))
      .sort((one, other) => (place(one) < place(other) ? -1 : 1));
    const shown = sessions.slice(0, limit).map((session) => toAuthSession(session, session.userId));
    if (sessions.length > limit) return { sessions: shown, next: placeAfter(shown[limit - 1]!) };
    const isLast = users.length < USERS_A_PAGE;
    return { sessions: shown, next: isLast ? null : { userId: users.at(-1)!.id, sessionId: LAST_OF_ALL } };
  }
}

function place({ userId, id }: Pick<SessionRecord, 'userId' | 'id'>): string {
  return `${userId}/${id}`;
}

function placeAfter({ userId, id: sessionId }: AuthSession): ListPlace {
  return { userId, sessionId };
}
