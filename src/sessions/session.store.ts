import type { ChangeRecord } from '../audit/change-record.js';
import type { StrategyName } from '../kernel/auth-context.js';
import type { UserRecord, UserTable } from '../users/user.store.js';

/** A session as stored: what a finished login leaves behind, and the root of everything that can be revoked. */
export interface SessionRecord {
  /** Random UUID (version 4). */
  readonly id: string;
  readonly userId: string;
  /** The epoch ({@link SessionEpochs}) when its login began: in another one it is over. */
  readonly sessionEpoch: number;
  readonly strategy: StrategyName;
  /** Of the cookie's secret, `hashSecret`; null where the ticket is proven otherwise (an access token's signature). */
  readonly secretHash: string | null;
  readonly createdAt: Date;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
  /** Moves with `lastSeenAt`. */
  readonly idleExpiresAt: Date;
  /** Never moves. */
  readonly absoluteExpiresAt: Date;
  /** At most 45 characters. */
  readonly ip: string | null;
  /** At most 512 characters. */
  readonly userAgent: string | null;
  readonly amr: readonly string[];
  /** The operator who acts as the user; null: nobody but the user. */
  readonly impersonatorId: string | null;
  /** The operator's epoch when it began: in another one it is over. */
  readonly impersonatorEpoch: number | null;
  /** What alone it is good for; null: everything. */
  readonly onlyFor: 'enrolment' | null;
  /** Set once, when the session was revoked. A row that merely ran out keeps null. */
  readonly endedAt: Date | null;
  /** Why it was revoked: a short fixed word such as `logout`. */
  readonly endReason: string | null;
}

/** A session with its user, as one look found them. */
export interface SessionWithUser {
  readonly session: SessionRecord;
  readonly user: UserRecord;
  /** `SessionEpochs.ofEverybody` at that time. */
  readonly everybody: number;
}

/** What being seen changes. */
export type SessionSighting = Pick<SessionRecord, 'lastSeenAt' | 'idleExpiresAt'>;

/**
 * Where sessions are kept. Default: the table `sessions`; the memory store serves one process. Ended sessions are kept until
 * they are cleaned up, so that an old ticket can be told from one that never was. `exerciseSessionStore` of
 * `coatcheck/testing` proves a replacement.
 *
 * `record` is what the audit is to know of the change. A store in the audit's database writes it in the same statement
 * (`ChangeRecord.writtenOn`); any other leaves it alone.
 */
export abstract class SessionStore {
  /** Whether it announces what it ends in the feed of its storage. While it is false, every request asks the store. */
  readonly announces: boolean = false;

  /** @throws when the id is taken: an id is never adopted. */
  abstract insert(session: SessionRecord, record?: ChangeRecord): Promise<void>;

  /** Ended and expired ones as well; null when there is none. */
  abstract find(id: string): Promise<SessionRecord | null>;

  /**
   * How to find a session with its user in one look, when this store can look into that table; null when it cannot. What it
   * answers is no older than the call, also of many calls at once; null for no session, or none with a user.
   */
  joinedWith(_users: UserTable): ((id: string) => Promise<SessionWithUser | null>) | null {
    return null;
  }

  /** The user's sessions that are neither ended nor past a deadline at `now`, the latest seen first. */
  abstract listLive(userId: string, now: Date): Promise<SessionRecord[]>;

  /** The live sessions of all these users, in any order. The default asks for one user after the other. */
  async listLiveOfAll(userIds: readonly string[], now: Date): Promise<SessionRecord[]> {
    const sessions: SessionRecord[] = [];
    for (const userId of userIds) sessions.push(...(await this.listLive(userId, now)));
    return sessions;
  }

  /**
   * Records a sighting, unless the session has ended or was seen at `sighting.lastSeenAt` or later (a late writer never
   * turns time back). True when it was written.
   */
  abstract touch(id: string, sighting: SessionSighting): Promise<boolean>;

  /** Records many sightings, by session id, each by the rules of {@link touch}. The default takes one after the other. */
  async touchAll(sightings: ReadonlyMap<string, SessionSighting>): Promise<void> {
    for (const [id, sighting] of sightings) await this.touch(id, sighting);
  }

  /**
   * Ends one session. Atomic: exactly one caller receives the id of its user; null when it has ended already or never was. A
   * storage with a feed announces `session:<id>` `ended`, once, in the same step.
   */
  abstract consumeLive(id: string, endedAt: Date, endReason: string, record?: ChangeRecord): Promise<string | null>;

  /** Ends the user's sessions but `exceptId`, in one step, and announces each; returns the ids it ended. */
  abstract endAll(
    userId: string,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
    record?: ChangeRecord,
  ): Promise<string[]>;

  /**
   * Writes into the rows of the user's sessions that were started in an epoch before `epoch` that they have ended, but for `exceptId`.
   * They are over already by their epoch, and every node knows: so this may take its time, and need announce nothing. The default
   * ends one after the other.
   *
   * @returns how many it has marked
   */
  async markSuperseded(
    userId: string,
    epoch: number,
    endedAt: Date,
    endReason: string,
    exceptId?: string,
  ): Promise<number> {
    let marked = 0;
    for (const { id, sessionEpoch } of await this.listLive(userId, endedAt)) {
      if (sessionEpoch >= epoch || id === exceptId) continue;
      if ((await this.consumeLive(id, endedAt, endReason)) !== null) marked += 1;
    }
    return marked;
  }
}
