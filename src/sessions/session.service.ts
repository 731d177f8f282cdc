import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { PendingAuditEvents } from '../audit/pending-audit-events.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { AuthSession, SessionMetadata } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { SnapshotSource } from '../revocation/session-view.js';
import { UserStore } from '../users/user.store.js';
import { ActingSessions } from './acting-sessions.js';
import { ActsUnderWay } from './acts-under-way.js';
import type { SessionPosition } from './live-part.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { readClaims } from './session-claims.js';
import { inForceOf, isOfEpoch, SessionEpochs } from './session-epochs.js';
import type { EndDetails, HostNotes, SupersededSessionsParams } from './session-params.js';
import { SessionTouches } from './session-touches.js';
import { toAuthSession } from './to-auth-session.js';

/** A page of a user's sessions. */
export interface OwnSessions {
  /** The latest seen first. */
  readonly sessions: AuthSession[];
  /** Where the next part begins; null after the last. */
  readonly next: SessionPosition | null;
}

/** The epochs that keep a session in force. */
export interface EpochsOfSession {
  /** Of its user, now. */
  readonly ofUser: number;
  readonly globalEpoch: number;
  /** The host's notes, for a session that takes its place. */
  readonly notes: HostNotes;
}

/** Lists sessions, notes something of them, and ends them. `SessionStarts` starts them; tickets are resolved by `SessionResolver`. */
@Injectable()
export class SessionService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly store: SessionStore,
    private readonly touches: SessionTouches,
    private readonly epochs: SessionEpochs,
    private readonly users: UserStore,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
    private readonly audit: AuditSink,
    private readonly acting: ActingSessions,
    private readonly acts: ActsUnderWay,
    private readonly snapshots: SnapshotSource,
  ) {}

  /** The epoch of its user that a session is in, as the stores have it now; null when it has ended. */
  async userEpochOf(sessionId: string): Promise<number | null> {
    return (await this.epochsOf(sessionId))?.ofUser ?? null;
  }

  /** The epochs that a session is in, as the stores have them now; null when it has ended. */
  async epochsOf(sessionId: string): Promise<EpochsOfSession | null> {
    const [session, globalEpoch] = await Promise.all([this.store.find(sessionId), this.epochs.globalEpoch()]);
    if (!session || hasEnded(session)) return null;
    const user = await this.users.find(session.userId);
    if (!user || !isOfEpoch(session, user, globalEpoch)) return null;
    const { claims = null, claimsRevision = null, metadata = null } = session;
    return { ofUser: user.sessionEpoch, globalEpoch, notes: { claims, claimsRevision, metadata } };
  }

  /** The user's live sessions, `limit` at most. The latest started come first; within a part, the latest seen. */
  async listOf(userId: string, after: SessionPosition | null, limit: number): Promise<OwnSessions> {
    await this.touches.flush();
    const [user, globalEpoch] = await Promise.all([this.users.find(userId), this.epochs.globalEpoch()]);
    if (!user) return { sessions: [], next: null };
    const part = { after, limit, inForce: inForceOf(user, globalEpoch) };
    const { sessions, next } = await this.store.listLive(userId, this.clock.now(), part);
    const shown = sessions
      .filter((record) => isOfEpoch(record, user, globalEpoch))
      .sort((one, other) => other.lastSeenAt.getTime() - one.lastSeenAt.getTime())
      .map((record) => toAuthSession(record, record.userId));
    return { sessions: shown, next };
  }

  /** How many live sessions the user has, up to `most`. */
  async countOf(userId: string, most: number): Promise<number> {
    let count = 0;
    for (let after: SessionPosition | null = null; count < most; ) {
      const part: OwnSessions = await this.listOf(userId, after, COUNTED_TOGETHER);
      count += part.sessions.length;
      after = part.next;
      if (after === null) break;
    }
    return Math.min(count, most);
  }

  /** The live sessions in which this user, as an admin, acts as another user: each session's `userId` says as whom. */
  async listActingOf(actorId: string): Promise<AuthSession[]> {
    const now = this.clock.now();
    const found = await Promise.all((await this.acting.idsOf(actorId)).map((id) => this.snapshots.load(id)));
    return found
      .filter((snapshot) => snapshot !== null)
      .filter(({ endedAt, isSuperseded }) => endedAt === null && !isSuperseded)
      .filter(({ idleExpiresAt, absoluteExpiresAt }) => now < idleExpiresAt && now < absoluteExpiresAt)
      .map((snapshot) => toAuthSession(snapshot, snapshot.user.id));
  }

  /**
   * Ends one session and every ticket hanging on it; returns when no node accepts them any more. False when it had ended
   * before; exactly one caller gets true, and all get the same promise. What its user was doing to another account in it is done by
   * then, or will not be.
   */
  async end(
    sessionId: string,
    reason: string,
    { also, event = 'session.revoked', ifStill, ...by }: EndDetails = {},
  ): Promise<boolean> {
    const pendingEvents = new PendingAuditEvents(this.audit, [{ type: event, reason, ...by }, also]);
    const consume = (within?: EntityManager) =>
      this.store.consumeLive(sessionId, this.clock.now(), reason, pendingEvents, within);
    const userId = await (ifStill
      ? this.dataSource.transaction((tx) => ifStill(tx).then(() => consume(tx)))
      : consume());
    // Side by side: neither needs the other, and what was not recorded with the end never fails.
    await Promise.all([
      userId !== null && pendingEvents.committed([{ userId, sessionId }]),
      this.revocations.confirm([ended(sessionId)]),
      this.acts.areUnheld && this.outwaitActs(sessionId, userId),
    ]);
    return userId !== null;
  }

  /**
   * Notes something of a live session, in the place of what was noted before; `{}`: nothing. Handlers find it in `auth.session.metadata`, on
   * every node once this has returned.
   *
   * @param metadata 1 kB of JSON at most
   * @throws AuthError `not_found` when the session has ended or never was; `internal_error` for what is no JSON, or too long
   */
  async setMetadata(sessionId: string, metadata: SessionMetadata): Promise<void> {
    const isLive = await this.store.writeMetadata(sessionId, readClaims(metadata, 'metadata'));
    if (!isLive) throw new AuthError('not_found', { reason: 'no_such_live_session' });
    await this.revocations.confirm([{ subject: `session:${sessionId}`, kind: 'changed' }]);
  }

  /**
   * Returns when no node answers from before this moment's store: also of what that has forgotten, with its leases. Announces
   * nothing, for an unknown ticket proves nothing, and any client can send as many as it likes.
   */
  outwaitForgotten(): Promise<void> {
    return this.revocations.confirm([]);
  }

  /**
   * Ends the session if it is a live one of this user, or one in which they act as another user. @throws AuthError `not_found` otherwise,
   * also for others' sessions
   */
  async endOwn(userId: string, sessionId: string, reason: string, note?: EndDetails): Promise<void> {
    const session = await this.store.find(sessionId);
    const isOwn = session !== null && [session.userId, session.impersonatorId].includes(userId);
    const owned = isOwn && (await this.end(sessionId, reason, note));
    if (!owned) throw new AuthError('not_found', { reason: 'no_such_live_session' });
  }

  /**
   * Has the rows of sessions that are of an epoch before `sessionEpoch` of their user say that they have ended, which they have
   * already. The audit gets one event with their count, if there were any.
   */
  async markSuperseded(
    { userId, sessionEpoch, reason, exceptId }: SupersededSessionsParams,
    by: Omit<EndDetails, 'also'> = {},
  ): Promise<number> {
    const before = sessionEpoch + (await this.epochs.globalEpoch());
    const count = await this.store.markSuperseded(userId, before, this.clock.now(), reason, exceptId);
    if (count > 0) await this.audit.record({ type: 'session.revoked', userId, reason, count, ...by });
    return count;
  }

  /** A request that finds it ended is promised the same as the one that ended it. */
  private async outwaitActs(sessionId: string, endedOf: string | null): Promise<void> {
    const userId = endedOf ?? (await this.store.find(sessionId))?.userId;
    if (userId !== undefined) await this.acts.outwait(userId, [sessionId]);
  }
}

/** Sessions of one user read at once, to count them. */
const COUNTED_TOGETHER = 1_000;

/** @throws AuthError `internal_error` when it cannot be read: where an end was read as null, neither can the beginning be */
function hasEnded({ createdAt, endedAt }: SessionRecord): boolean {
  readInstant(createdAt, 'session.createdAt');
  return readInstantOrNull(endedAt, 'session.endedAt') !== null;
}

function ended(sessionId: string): Announcement {
  return { subject: `session:${sessionId}`, kind: 'ended' };
}
