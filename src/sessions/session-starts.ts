import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { PendingAuditEvents } from '../audit/pending-audit-events.js';
import { Options } from '../config/options.js';
import { Clock } from '../kernel/clock.js';
import { type MintedToken, mintSecretToken } from '../kernel/secret-token.js';
import { Revocations } from '../revocation/revocations.js';
import type { UserRecord } from '../users/user.store.js';
import { ActingSessions } from './acting-sessions.js';
import { ActsUnderWay } from './acts-under-way.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { inForceOf, SessionEpochs } from './session-epochs.js';
import { sessionOptions } from './session-options.js';
import { type Impersonation, LONG_AGO, type StartSessionParams } from './session-params.js';
import type { SessionsPerUser } from './sessions-per-user.js';
import type { StartedSession } from './ticket-delivery.js';

/** Whose session is started, as read before the proof was judged. */
export type SessionOwner = Pick<UserRecord, 'id' | 'sessionEpoch'> &
  Partial<Pick<UserRecord, 'exceptSessionId' | 'exceptSessionEpoch'>>;

/** Starts sessions: full ones after a finished login, and those for enrolment only. */
@Injectable()
export class SessionStarts {
  private readonly idleSeconds: number;
  private readonly absoluteSeconds: number;
  private readonly most: number;

  constructor(
    private readonly store: SessionStore,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
    private readonly audit: AuditSink,
    private readonly acting: ActingSessions,
    private readonly acts: ActsUnderWay,
    options: Options,
  ) {
    const { sessionIdleSeconds, sessionAbsoluteSeconds, sessionsPerUser } = options.of(sessionOptions);
    this.most = sessionsPerUser;
    this.idleSeconds = sessionIdleSeconds;
    this.absoluteSeconds = sessionAbsoluteSeconds;
  }

  /**
   * Starts a session for a user who has proven enough for it. Its id is always new: an id that a client brought along is never
   * adopted (session fixation). Where the user has `SESSIONS_PER_USER` already, the oldest has ended, on every node, when this returns.
   *
   * @param user as read before the proof was judged: whatever ended all sessions since then ends this one too
   */
  async start(user: SessionOwner, how: StartSessionParams): Promise<StartedSession> {
    const globalEpoch = how.globalEpoch ?? (await this.epochs.globalEpoch());
    const minted = how.withSecret ? mintSecretToken() : null;
    const session = this.newSession(user, globalEpoch, how, minted);
    const pendingEvents = new PendingAuditEvents(this.audit, [this.beginningOf(session, how), how.also]);
    const bound = this.boundOf(user, globalEpoch, how);
    if (how.impersonation) await this.noteActing(session, how.impersonation);
    const ended = await this.store.insert(session, pendingEvents, bound, how.giveBack);
    how.giveBack?.committed();
    await pendingEvents.committed([{ userId: user.id, sessionId: session.id }]);
    if (ended.length > 0) await this.settleEnded(user.id, ended, bound.pendingEvents);
    return { session, token: minted?.token ?? null };
  }

  private newSession(
    user: SessionOwner,
    globalEpoch: number,
    how: StartSessionParams,
    minted: MintedToken | null,
  ): SessionRecord {
    const now = this.clock.now();
    const { impersonation, limit, notes, authenticatedAt: provenAt = now } = how;
    const seconds = limit?.seconds ?? impersonation?.seconds ?? this.absoluteSeconds;
    return {
      id: minted?.id ?? randomUUID(),
      userId: user.id,
      epochSum: user.sessionEpoch + globalEpoch,
      strategy: how.strategy,
      transport: how.transport,
      secretHash: minted?.secretHash ?? null,
      createdAt: how.createdAt ?? now,
      authenticatedAt: impersonation?.authenticatedAt ?? provenAt ?? LONG_AGO,
      lastSeenAt: now,
      idleExpiresAt: this.clock.in(this.idleSeconds),
      absoluteExpiresAt: this.clock.in(Math.min(seconds, this.absoluteSeconds)),
      ip: how.ip,
      userAgent: how.userAgent?.slice(0, 512) ?? null,
      amr: [...how.amr],
      impersonatorId: impersonation?.adminId ?? null,
      impersonatorEpochSum: impersonation?.adminEpochSum ?? null,
      onlyFor: limit?.onlyFor ?? null,
      claims: notes?.claims ?? null,
      claimsRevision: notes?.claimsRevision ?? null,
      metadata: notes?.metadata ?? null,
      endedAt: null,
      endReason: null,
    };
  }

  private beginningOf({ impersonatorId }: SessionRecord, how: StartSessionParams): AuditEvent {
    const { ip, userAgent, requestId, amr } = how;
    const type = how.event ?? 'session.started';
    return { type, origin: { ip, userAgent, requestId }, amr, actorId: impersonatorId };
  }

  private noteActing({ id: sessionId, userId, absoluteExpiresAt: expiresAt }: SessionRecord, by: Impersonation) {
    const { adminId: actorId, parentSessionId } = by;
    return this.acting.note({ sessionId, userId, actorId, parentSessionId, expiresAt });
  }

  private boundOf(user: SessionOwner, globalEpoch: number, how: StartSessionParams) {
    const { ip, userAgent, requestId } = how;
    const pendingEvents = new PendingAuditEvents(this.audit, [
      {
        type: 'session.revoked',
        reason: TOO_MANY,
        origin: { ip, userAgent, requestId },
        actorId: how.impersonation?.adminId ?? null,
      },
    ]);
    const most = how.isRenewal ? this.most + 1 : this.most;
    return {
      most,
      inForce: inForceOf(user, globalEpoch),
      endReason: TOO_MANY,
      pendingEvents,
    } satisfies SessionsPerUser;
  }

  private async settleEnded(userId: string, ids: readonly string[], pendingEvents: PendingAuditEvents): Promise<void> {
    await Promise.all([
      pendingEvents.committed(ids.map((sessionId) => ({ userId, sessionId }))),
      this.revocations.confirm(ids.map((id) => ({ subject: `session:${id}`, kind: 'ended' }))),
      this.acts.outwait(userId, ids),
    ]);
  }
}

const TOO_MANY = 'too_many_sessions';
