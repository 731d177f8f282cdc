import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import type { AuthContext, AuthSession, AuthUser, StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { mintSecretToken } from '../kernel/secret-token.js';
import { type SessionSnapshot, SessionView } from '../revocation/session-view.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { sessionOptions } from './session-options.js';
import type { StartedSession } from './ticket-delivery.js';
import { toAuthSession } from './to-auth-session.js';

/** `last_seen_at` is worth one write a minute, not one a request. */
const SIGHTING_SECONDS = 60;

/** Where a login came from, as the session list will show it. */
export interface LoginOrigin {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** The life of sessions: started by a finished login, resolved at each request, ended by many. */
@Injectable()
export class SessionService {
  private readonly idleSeconds: number;
  private readonly absoluteSeconds: number;

  constructor(
    private readonly store: SessionStore,
    private readonly view: SessionView,
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
   * @param how.withSecret whether the ticket is a secret of the session (a cookie), rather than a signature over its id
   */
  async start(
    user: Pick<AuthUser, 'id'>,
    how: LoginOrigin & { strategy: StrategyName; amr: readonly string[]; withSecret: boolean },
  ): Promise<StartedSession> {
    const now = this.clock.now();
    const minted = how.withSecret ? mintSecretToken() : null;
    const session: SessionRecord = {
      id: minted?.id ?? randomUUID(),
      userId: user.id,
      strategy: how.strategy,
      secretHash: minted?.secretHash ?? null,
      createdAt: now,
      authenticatedAt: now,
      lastSeenAt: now,
      idleExpiresAt: this.clock.in(this.idleSeconds),
      absoluteExpiresAt: this.clock.in(this.absoluteSeconds),
      ip: how.ip,
      userAgent: how.userAgent?.slice(0, 512) ?? null,
      amr: [...how.amr],
      endedAt: null,
      endReason: null,
    };
    await this.store.insert(session);
    this.audit.record({ type: 'sessions.started', userId: user.id, sessionId: session.id, ip: how.ip, amr: how.amr });
    return { session, token: minted?.token ?? null };
  }

  /**
   * Judges a ticket: `prove` is given the stored hash of the session's secret, and says whether the ticket proves it.
   *
   * @throws AuthError `unauthenticated` unless such a session of that strategy exists and the proof holds
   * @throws AuthError `session_ended` when it was ended, has run out, or its user was banned
   */
  async resolve(
    sessionId: string,
    strategy: StrategyName,
    prove: (secretHash: string | null) => boolean,
  ): Promise<AuthContext> {
    const snapshot = await this.view.find(sessionId);
    if (!snapshot) throw new AuthError('unauthenticated', { reason: 'unknown_session' });
    // Tickets of different kinds never stand in for one another (an access token's session has no cookie).
    if (snapshot.strategy !== strategy) throw new AuthError('unauthenticated', { reason: 'other_strategy' });
    if (!prove(snapshot.secretHash)) throw new AuthError('unauthenticated', { reason: 'wrong_secret' });
    this.assertLive(snapshot);
    await this.see(snapshot);
    return { user: snapshot.user, session: toAuthSession({ ...snapshot, userId: snapshot.user.id }), strategy };
  }

  /** What is known of a session, whether live or not; null when nothing is. Judges nothing. */
  find(sessionId: string): Promise<SessionSnapshot | null> {
    return this.view.find(sessionId);
  }

  /** The user's live sessions, the latest seen first. */
  async listOf(userId: string): Promise<AuthSession[]> {
    const records = await this.store.listLive(userId, this.clock.now());
    return records.map(toAuthSession);
  }

  /** Ends one session and every ticket hanging on it. False when it had ended before; exactly one caller gets true. */
  async end(sessionId: string, reason: string): Promise<boolean> {
    const won = await this.store.consumeLive(sessionId, this.clock.now(), reason);
    if (won) this.audit.record({ type: 'sessions.ended', sessionId, reason });
    return won;
  }

  /** Ends the session if it is a live one of this user. @throws AuthError `not_found` otherwise, also for others' sessions */
  async endOwn(userId: string, sessionId: string, reason: string): Promise<void> {
    const session = await this.store.find(sessionId);
    const owned = session?.userId === userId && (await this.end(sessionId, reason));
    if (!owned) throw new AuthError('not_found', { reason: 'no_such_live_session' });
  }

  /** Ends all sessions of the user, but for `exceptId`; returns how many it ended. */
  async endAllFor(userId: string, reason: string, exceptId?: string): Promise<number> {
    const ended = await this.store.endAll(userId, this.clock.now(), reason, exceptId);
    for (const sessionId of ended) this.audit.record({ type: 'sessions.ended', userId, sessionId, reason });
    return ended.length;
  }

  private assertLive({ endedAt, idleExpiresAt, absoluteExpiresAt, userBanned }: SessionSnapshot): void {
    const now = this.clock.now();
    if (endedAt) throw new AuthError('session_ended', { reason: 'revoked' });
    if (now >= absoluteExpiresAt) throw new AuthError('session_ended', { reason: 'absolute_timeout' });
    if (now >= idleExpiresAt) throw new AuthError('session_ended', { reason: 'idle_timeout' });
    if (userBanned) throw new AuthError('session_ended', { reason: 'user_banned' });
  }

  private async see({ id, lastSeenAt }: SessionSnapshot): Promise<void> {
    const now = this.clock.now();
    if (now.getTime() - lastSeenAt.getTime() < SIGHTING_SECONDS * 1000) return;
    await this.store.touch(id, { lastSeenAt: now, idleExpiresAt: this.clock.in(this.idleSeconds) });
  }
}
