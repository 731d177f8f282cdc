import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { ChangeRecord } from '../audit/change-record.js';
import { Options } from '../config/options.js';
import type { AuthSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { mintSecretToken } from '../kernel/secret-token.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { isOfEpoch, SessionEpochs } from './session-epochs.js';
import { sessionOptions } from './session-options.js';
import type { EndingNote, SessionOrder, SupersededSessionsOrder } from './session-order.js';
import { SessionSightings } from './session-sightings.js';
import type { StartedSession } from './ticket-delivery.js';
import { toAuthSession } from './to-auth-session.js';

/** The life of sessions: started by a finished login, listed, ended by many. What one is worth: `SessionResolver`. */
@Injectable()
export class SessionService {
  private readonly idleSeconds: number;
  private readonly absoluteSeconds: number;

  constructor(
    private readonly store: SessionStore,
    private readonly sightings: SessionSightings,
    private readonly epochs: SessionEpochs,
    private readonly users: UserStore,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    const { sessionIdleSeconds, sessionAbsoluteSeconds } = options.of(sessionOptions);
    this.idleSeconds = sessionIdleSeconds;
    this.absoluteSeconds = sessionAbsoluteSeconds;
  }

  /**
   * Starts a session for somebody whose login is complete. Its id is always new: an id that a client brought along is never
   * adopted (session fixation).
   *
   * @param user as read before the proof was judged: whatever ended all sessions since then ends this one too
   */
  async start(user: Pick<UserRecord, 'id' | 'sessionEpoch'>, how: SessionOrder): Promise<StartedSession> {
    const now = this.clock.now();
    const minted = how.withSecret ? mintSecretToken() : null;
    const session: SessionRecord = {
      id: minted?.id ?? randomUUID(),
      userId: user.id,
      sessionEpoch: await this.epochs.of(user),
      strategy: how.strategy,
      secretHash: minted?.secretHash ?? null,
      createdAt: now,
      authenticatedAt: how.impersonation?.authenticatedAt ?? how.authenticatedAt ?? now,
      lastSeenAt: now,
      idleExpiresAt: this.clock.in(this.idleSeconds),
      absoluteExpiresAt: this.clock.in(
        Math.min(how.limit?.seconds ?? how.impersonation?.seconds ?? this.absoluteSeconds, this.absoluteSeconds),
      ),
      ip: how.ip,
      userAgent: how.userAgent?.slice(0, 512) ?? null,
      amr: [...how.amr],
      impersonatorId: how.impersonation?.operatorId ?? null,
      impersonatorEpoch: how.impersonation?.operatorEpoch ?? null,
      onlyFor: how.limit?.onlyFor ?? null,
      endedAt: null,
      endReason: null,
    };
    const { ip, userAgent, requestId, amr } = how;
    const started = { type: 'sessions.started', origin: { ip, userAgent, requestId }, amr };
    const record = this.recordOf({ ...started, actorId: session.impersonatorId }, how.also);
    await this.store.insert(session, record);
    await record.made([{ userId: user.id, sessionId: session.id }]);
    return { session, token: minted?.token ?? null };
  }

  /** The epoch of its user that a session is in, as the stores have it now; null when it has ended. */
  async userEpochOf(sessionId: string): Promise<number | null> {
    const [session, everybody] = await Promise.all([this.store.find(sessionId), this.epochs.ofEverybody()]);
    if (!session || session.endedAt !== null) return null;
    const user = await this.users.find(session.userId);
    return user && isOfEpoch(session, user, everybody) ? user.sessionEpoch : null;
  }

  /** The user's live sessions, the latest seen first. */
  async listOf(userId: string): Promise<AuthSession[]> {
    await this.sightings.flush();
    const records = await this.store.listLive(userId, this.clock.now());
    const [user, everybody] = await Promise.all([this.users.find(userId), this.epochs.ofEverybody()]);
    return records
      .filter((record) => user !== null && isOfEpoch(record, user, everybody))
      .map((record) => toAuthSession(record, record.userId));
  }

  /**
   * Ends one session and every ticket hanging on it; returns when no node accepts them any more. False when it had ended
   * before; exactly one caller gets true, and all get the same promise.
   */
  async end(sessionId: string, reason: string, { also, ...by }: EndingNote = {}): Promise<boolean> {
    const record = this.recordOf({ type: 'sessions.ended', reason, ...by }, also);
    const userId = await this.store.consumeLive(sessionId, this.clock.now(), reason, record);
    // Side by side: neither needs the other, and what was not recorded with the end never fails.
    await Promise.all([
      userId !== null && record.made([{ userId, sessionId }]),
      this.revocations.confirm([ended(sessionId)]),
    ]);
    return userId !== null;
  }

  /**
   * Returns when no node answers from before this moment's store: also of what that has forgotten, with its leases. Announces
   * nothing, for an unknown ticket proves nothing, and anybody can send as many as they like.
   */
  outwaitForgotten(): Promise<void> {
    return this.revocations.confirm([]);
  }

  /** Ends the session if it is a live one of this user. @throws AuthError `not_found` otherwise, also for others' sessions */
  async endOwn(userId: string, sessionId: string, reason: string, note?: EndingNote): Promise<void> {
    const session = await this.store.find(sessionId);
    const owned = session?.userId === userId && (await this.end(sessionId, reason, note));
    if (!owned) throw new AuthError('not_found', { reason: 'no_such_live_session' });
  }

  /**
   * Has the rows of sessions that are of an epoch before `sessionEpoch` of their user say that they have ended, which they have
   * already. The audit gets one event with their count, if there were any.
   */
  async markSuperseded(
    { userId, sessionEpoch, reason, exceptId }: SupersededSessionsOrder,
    by: Omit<EndingNote, 'also'> = {},
  ): Promise<number> {
    const before = sessionEpoch + (await this.epochs.ofEverybody());
    const count = await this.store.markSuperseded(userId, before, this.clock.now(), reason, exceptId);
    if (count > 0) await this.audit.record({ type: 'sessions.ended', userId, reason, count, ...by });
    return count;
  }

  private recordOf(...events: (AuditEvent | undefined)[]): ChangeRecord {
    return new ChangeRecord(
      this.audit,
      events.filter((event) => event !== undefined),
    );
  }
}

function ended(sessionId: string): Announcement {
  return { subject: `session:${sessionId}`, kind: 'ended' };
}
