import type { EntityManager } from 'typeorm';
import type { PendingAuditEvents } from '../audit/pending-audit-events.js';
import type { CustomClaims, SessionMetadata } from '../kernel/auth-context.js';
import type { PendingGiveBack } from '../limits/pending-give-back.js';
import type { UserRecord, UserTable } from '../users/user.store.js';
import type { LivePart, LivePartOfAll, SessionKey, SessionPart, SessionPosition } from './live-part.js';
import type { SessionRecord } from './session-record.js';
import { MOST_ENDED_BY_BOUND, type SessionsPerUser } from './sessions-per-user.js';

export type { SessionRecord };

/** A session with its user, found by one look-up. */
export interface SessionWithUser {
  readonly session: SessionRecord;
  readonly user: UserRecord;
  /** `SessionEpochs.globalEpoch` at that time. */
  readonly globalEpoch: number;
}

/** Users and one session, locked by a transaction, each as of its lock. */
export interface LockedTogether {
  /** As they were asked for; null: there is none. */
  readonly users: readonly (UserRecord | null)[];
  /** Whosever it is, ended or not; null: there is none. */
  readonly session: SessionRecord | null;
  /** `SessionEpochs.heldGlobalEpoch`. */
  readonly globalEpoch: number;
}

/** Locks users and one session until the end of `within`, a transaction in their database. */
export type LockTogether = (
  userIds: readonly string[],
  sessionId: string,
  within: EntityManager,
) => Promise<LockedTogether>;

/** The properties that a touch changes. */
export type SessionTouch = Pick<SessionRecord, 'lastSeenAt' | 'idleExpiresAt'>;

/**
 * Where sessions are kept. Default: the table `sessions`; the memory store serves one process. Ended sessions are kept until
 * they are cleaned up, so that an old ticket can be told from one that never was. `exerciseSessionStore` of
 * `coatcheck/testing` proves a replacement.
 *
 * `pendingEvents` are what the audit is to know of the change. A store in the audit's database writes them in the same statement
 * (`PendingAuditEvents.flushWith`); any other leaves them alone.
 */
export abstract class SessionStore {
  /** Whether it announces what it ends in the feed of its storage. While it is false, every request asks the store. */
  readonly announces: boolean = false;
  /** Whether it lists everyone's sessions by their start ({@link listNewestOfAll}). While it is false, admins see them by user. */
  readonly sortsEveryones: boolean = false;

  /**
   * Keeps a new session. Where its user has more than `bound.most` live ones at its `lastSeenAt`, those inserted first end, and are announced
   * as by {@link consumeLive}; {@link MOST_ENDED_BY_BOUND} of them at most. Which was inserted first the store itself decides: nodes' clocks
   * differ, and one that takes another's place is as old as that by its `createdAt`. However many are inserted at once, no more than `most`
   * are live when all have returned, and which of these it is, is open.
   *
   * @param giveBack counts that a store in the database of the counters subtracts by the same statement; all others leave it alone
   * @returns the ids of those that it ended
   * @throws when the id is taken: an id is never adopted.
   */
  abstract insert(
    session: SessionRecord,
    pendingEvents?: PendingAuditEvents,
    bound?: SessionsPerUser,
    giveBack?: PendingGiveBack,
  ): Promise<string[]>;

  /**
   * Ended and expired ones as well; null when there is none.
   *
   * @param within a transaction: where the sessions are in its database, this one does not end before it does. Other stores leave it alone
   */
  abstract find(id: string, within?: EntityManager): Promise<SessionRecord | null>;

  /**
   * How to find a session with its user in one look, when this store can look into that table; null when it cannot. What it
   * answers is no older than the call, also of many calls at once; null for no session, or none with a user.
   */
  joinedWith(_users: UserTable): ((id: string) => Promise<SessionWithUser | null>) | null {
    return null;
  }

  /**
   * How a transaction locks users, by their id, then a session, then the global session epoch, in one statement, when this store can look
   * into that table; null when it cannot, and each is asked for by itself.
   */
  lockedWith(_users: UserTable): LockTogether | null {
    return null;
  }

  /** The user's sessions that are neither ended nor past a deadline at `now`, the latest started first. */
  abstract listLive(userId: string, now: Date, part: SessionPart): Promise<LivePart>;

  /**
   * The live sessions of everyone, by user; of any epoch. Null: this store cannot tell without being told a user.
   *
   * @param after null: from the first
   */
  async listLiveOfAll(_after: SessionKey | null, _limit: number, _now: Date): Promise<LivePartOfAll | null> {
    return null;
  }

  /**
   * The live sessions of everyone, the latest started first; of any epoch. Asked of a store that {@link sortsEveryones} only.
   *
   * @param after null: from the first
   */
  async listNewestOfAll(_after: SessionPosition | null, _limit: number, _now: Date): Promise<LivePart> {
    throw new TypeError('this session store has no order over all users: implement listNewestOfAll');
  }

  /** How many live sessions everyone has, `most` at most. Null, the default: this store does not count. */
  async countLiveOfAll(_now: Date, _most: number): Promise<number | null> {
    return null;
  }

  /**
   * Records a last-seen update, unless the session has ended or was seen at `touch.lastSeenAt` or later (a late writer never
   * turns time back). True when it was written.
   */
  abstract touch(id: string, touch: SessionTouch): Promise<boolean>;

  /** Records many last-seen updates, by session id, each by the rules of {@link touch}. The default takes one after the other. */
  async touchAll(touches: ReadonlyMap<string, SessionTouch>): Promise<void> {
    for (const [id, touch] of touches) await this.touch(id, touch);
  }

  /**
   * Keeps the claims of a live session, unless claims of this revision or a later one are there: of several at once the first stays.
   * Announces nothing: a node that loads the session meanwhile finds that it has claims of an older revision. The default keeps none, and the
   * source is asked at every load after a change.
   *
   * @returns whether they were written
   */
  async writeClaims(_id: string, _claims: CustomClaims, _revision: number): Promise<boolean> {
    return false;
  }

  /**
   * Keeps what the host notes of a live session, in the place of what it noted before. A storage with a feed announces `session:<id>`
   * `changed` in the same step.
   *
   * @returns false when it has ended or never was
   * @throws TypeError, the default, where a store keeps none
   */
  async writeMetadata(_id: string, _metadata: SessionMetadata): Promise<boolean> {
    throw new TypeError('this session store keeps no metadata: implement writeMetadata');
  }

  /**
   * Ends one session. Atomic: exactly one caller receives the id of its user; null when it has ended already or never was. A
   * storage with a feed announces `session:<id>` `ended`, once, in the same step.
   *
   * @param within a transaction, as for {@link find}: where the sessions are in its database, the end is part of it
   */
  abstract consumeLive(
    id: string,
    endedAt: Date,
    endReason: string,
    pendingEvents?: PendingAuditEvents,
    within?: EntityManager,
  ): Promise<string | null>;

  /**
   * Writes into the rows of the user's sessions whose `epochSum` is less than `beforeEpochSum` that they have ended, but for `exceptId`.
   * They are over already by their epoch, and every node knows: so this may take its time, and need announce nothing. The default
   * ends one after the other.
   *
   * @returns how many it has marked
   */
  async markSuperseded(
    userId: string,
    beforeEpochSum: number,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
  ): Promise<number> {
    let marked = 0;
    for (let after: SessionPosition | null = null; ; ) {
      const part: LivePart = await this.listLive(userId, endedAt, { after, limit: MARKED_TOGETHER });
      for (const { id, epochSum } of part.sessions) {
        if (epochSum >= beforeEpochSum || id === exceptId) continue;
        if ((await this.consumeLive(id, endedAt, endReason)) !== null) marked += 1;
      }
      after = part.next;
      if (after === null) return marked;
    }
  }

  /** Ends the first `count` of them, one after the other, {@link MOST_ENDED_BY_BOUND} at most; returns whom it ended. */
  protected async endFirst(
    sessions: readonly SessionRecord[],
    count: number,
    { lastSeenAt: endedAt }: SessionRecord,
    { endReason }: SessionsPerUser,
  ): Promise<string[]> {
    const ended: string[] = [];
    const chosen = sessions.slice(0, Math.max(0, Math.min(count, MOST_ENDED_BY_BOUND)));
    // Of several at once each begins with another one: with the one that only it sees as too many.
    for (const { id } of chosen.reverse()) {
      if ((await this.consumeLive(id, endedAt, endReason)) !== null) ended.push(id);
    }
    return ended;
  }
}

/** Looked at by one step. */
const MARKED_TOGETHER = 100;
