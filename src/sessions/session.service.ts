import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import type { AuthContext, AuthSession, AuthUser, StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { mintSecretToken } from '../kernel/secret-token.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { type SessionSnapshot, SessionView } from '../revocation/session-view.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import { sessionOptions } from './session-options.js';
import { SessionSightings } from './session-sightings.js';
import type { StartedSession } from './ticket-delivery.js';
import { toAuthSession } from './to-auth-session.js';

/** `last_seen_at` is worth one write a minute, not one a request. */
const SIGHTING_SECONDS = 60;
/** Of the idle limit: a short one must not pass between two sightings. */
const SIGHTING_SHARE = 0.1;

/** The life of sessions: started by a finished login, resolved at each request, ended by many. */
@Injectable()
export class SessionService {
  private readonly idleSeconds: number;
  private readonly absoluteSeconds: number;
  private readonly sightingMilliseconds: number;
  /** How many tickets were judged, and how many of these from the view, asking nobody. */
  readonly tally = { resolved: 0, fromView: 0 };

  constructor(
    private readonly store: SessionStore,
    private readonly view: SessionView,
    private readonly sightings: SessionSightings,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    const { sessionIdleSeconds, sessionAbsoluteSeconds } = options.of(sessionOptions);
    this.idleSeconds = sessionIdleSeconds;
    this.absoluteSeconds = sessionAbsoluteSeconds;
    this.sightingMilliseconds = Math.min(SIGHTING_SECONDS, sessionIdleSeconds * SIGHTING_SHARE) * 1000;
  }

  /**
   * Starts a session for somebody whose login is complete. Its id is always new: an id that a client brought along is never
   * adopted (session fixation).
   *
   * @param how.withSecret whether the ticket is a secret of the session (a cookie), rather than a signature over its id
   */
  async start(
    user: Pick<AuthUser, 'id'>,
    how: RequestOrigin & { strategy: StrategyName; amr: readonly string[]; withSecret: boolean },
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
    const { ip, userAgent, requestId, amr } = how;
    const origin = { ip, userAgent, requestId };
    await this.audit.record({ type: 'sessions.started', userId: user.id, sessionId: session.id, origin, amr });
    return { session, token: minted?.token ?? null };
  }

  /**
   * Judges a ticket: `prove` is given the stored hash of the session's secret, and says whether the ticket proves it. Answers
   * without a promise when this node knows the session for certain, and then throws instead of rejecting.
   *
   * @throws AuthError `unauthenticated` unless such a session of that strategy exists and the proof holds
   * @throws AuthError `session_ended` when it was ended, has run out, or its user was banned
   */
  resolve(
    sessionId: string,
    strategy: StrategyName,
    prove: (secretHash: string | null) => boolean,
  ): AuthContext | Promise<AuthContext> {
    this.tally.resolved += 1;
    const known = this.view.peek(sessionId);
    if (known === undefined) return this.view.find(sessionId).then((found) => this.judge(found, strategy, prove));
    // Another node may have seen the session since this one did, and only the store would know.
    if (known.endedAt === null && this.clock.now() >= known.idleExpiresAt) {
      return this.view.reload(sessionId).then((found) => this.judge(found, strategy, prove));
    }
    this.tally.fromView += 1;
    return this.judge(known, strategy, prove);
  }

  /** What is known of a session, whether live or not; null when nothing is. Judges nothing. */
  find(sessionId: string): Promise<SessionSnapshot | null> {
    return this.view.find(sessionId);
  }

  /** The user's live sessions, the latest seen first. */
  async listOf(userId: string): Promise<AuthSession[]> {
    await this.sightings.flush();
    const records = await this.store.listLive(userId, this.clock.now());
    return records.map(toAuthSession);
  }

  /**
   * Ends one session and every ticket hanging on it; returns when no node accepts them any more. False when it had ended
   * before; exactly one caller gets true, and all get the same promise.
   */
  async end(sessionId: string, reason: string): Promise<boolean> {
    const won = await this.store.consumeLive(sessionId, this.clock.now(), reason);
    if (won) await this.audit.record({ type: 'sessions.ended', sessionId, reason });
    await this.revocations.confirm([ended(sessionId)]);
    return won;
  }

  /** Ends the session if it is a live one of this user. @throws AuthError `not_found` otherwise, also for others' sessions */
  async endOwn(userId: string, sessionId: string, reason: string): Promise<void> {
    const session = await this.store.find(sessionId);
    const owned = session?.userId === userId && (await this.end(sessionId, reason));
    if (!owned) throw new AuthError('not_found', { reason: 'no_such_live_session' });
  }

  /** Ends all sessions of the user, but for `exceptId`, on every node before it returns; returns how many it ended. */
  async endAllFor(userId: string, reason: string, exceptId?: string): Promise<number> {
    const ids = await this.store.endAll(userId, this.clock.now(), reason, exceptId);
    for (const sessionId of ids) await this.audit.record({ type: 'sessions.ended', userId, sessionId, reason });
    await this.revocations.confirm(ids.map(ended));
    return ids.length;
  }

  private judge(
    found: SessionSnapshot | null,
    strategy: StrategyName,
    prove: (secretHash: string | null) => boolean,
  ): AuthContext {
    if (!found) throw new AuthError('unauthenticated', { reason: 'unknown_session' });
    // Tickets of different kinds never stand in for one another (an access token's session has no cookie).
    if (found.strategy !== strategy) throw new AuthError('unauthenticated', { reason: 'other_strategy' });
    if (!prove(found.secretHash)) throw new AuthError('unauthenticated', { reason: 'wrong_secret' });
    const now = this.clock.now();
    const snapshot = this.withSighting(found);
    assertLive(snapshot, now);
    this.see(snapshot, now);
    return { user: snapshot.user, session: toAuthSession({ ...snapshot, userId: snapshot.user.id }), strategy };
  }

  /** The store does not know yet what waits to be written. */
  private withSighting(snapshot: SessionSnapshot): SessionSnapshot {
    const latest = this.sightings.latest(snapshot.id);
    return latest && latest.lastSeenAt > snapshot.lastSeenAt ? { ...snapshot, ...latest } : snapshot;
  }

  private see({ id, lastSeenAt }: SessionSnapshot, now: Date): void {
    if (now.getTime() - lastSeenAt.getTime() < this.sightingMilliseconds) return;
    const sighting = { lastSeenAt: now, idleExpiresAt: this.clock.in(this.idleSeconds) };
    this.view.see(id, sighting);
    this.sightings.record(id, sighting);
  }
}

function assertLive({ endedAt, idleExpiresAt, absoluteExpiresAt, userBanned }: SessionSnapshot, now: Date): void {
  if (endedAt) throw new AuthError('session_ended', { reason: 'revoked' });
  if (now >= absoluteExpiresAt) throw new AuthError('session_ended', { reason: 'absolute_timeout' });
  if (now >= idleExpiresAt) throw new AuthError('session_ended', { reason: 'idle_timeout' });
  if (userBanned) throw new AuthError('session_ended', { reason: 'user_banned' });
}

function ended(sessionId: string): Announcement {
  return { subject: `session:${sessionId}`, kind: 'ended' };
}
