import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import { type AuthContext, requireSession, type SessionAuth, type StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { type SessionSnapshot, SessionView } from '../revocation/session-view.js';
import { SessionStore } from './session.store.js';
import { sessionOptions } from './session-options.js';
import { SessionTouches } from './session-touches.js';
import { toAuthSession } from './to-auth-session.js';

/** `last_seen_at` is worth one write a minute, not one a request. */
const TOUCH_SECONDS = 60;
/** Of the idle limit: a short one must not pass between two last-seen updates. */
const TOUCH_SHARE = 0.1;

/** Resolves tickets to sessions: at each request, from this node's view while it holds its lease. */
@Injectable()
export class SessionResolver {
  /** How many tickets were resolved, and how many of these from the view, without asking a store. */
  readonly tally = { resolved: 0, fromView: 0 };
  private readonly idleSeconds: number;
  private readonly touchMilliseconds: number;

  constructor(
    private readonly view: SessionView,
    private readonly store: SessionStore,
    private readonly touches: SessionTouches,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { sessionIdleSeconds } = options.of(sessionOptions);
    this.idleSeconds = sessionIdleSeconds;
    this.touchMilliseconds = Math.min(TOUCH_SECONDS, sessionIdleSeconds * TOUCH_SHARE) * 1000;
  }

  /**
   * Judges a ticket: `prove` is given the stored hash of the session's secret, and says whether the ticket proves it. Answers
   * without a promise when this node knows the session for certain, and then throws instead of rejecting.
   *
   * @throws AuthError `unauthenticated` unless such a session of that strategy exists and the proof holds
   * @throws AuthError `session_ended` when it was ended, has expired, or its user was banned
   */
  resolveSession(
    sessionId: string,
    strategy: StrategyName,
    prove: (secretHash: string | null) => boolean,
  ): SessionAuth | Promise<SessionAuth> {
    this.tally.resolved += 1;
    const known = this.view.peek(sessionId);
    if (known === undefined) return this.view.find(sessionId).then((found) => this.judge(found, strategy, prove));
    // The same work as for an unknown id: the time of a refusal must not tell that there is such a session.
    if (known.strategy !== strategy || !prove(known.secretHash)) {
      return this.view.reload(randomUUID()).then(() => this.judge(known, strategy, prove));
    }
    const now = this.clock.milliseconds();
    // Another node may have seen the session since this one did, and only the store would know.
    if (known.endedAt === null && now >= known.idleExpiresAt.getTime()) {
      return this.view.reload(sessionId).then((found) => this.judge(found, strategy, prove));
    }
    this.tally.fromView += 1;
    return this.resolveProven(known, strategy, now);
  }

  /**
   * Whether what was resolved before still holds. Counts as no use of the session.
   *
   * @returns until when, unless it is used or ended before
   * @throws AuthError `unauthenticated`, `session_ended`; `token_expired` when the user's roles, address or status, or the application's claims about them, have changed since
   */
  recheck(auth: AuthContext): Date | Promise<Date> {
    const { id } = requireSession(auth);
    const known = this.view.peek(id);
    if (known === undefined) return this.view.find(id).then((found) => this.assertHolds(found, auth));
    const now = this.clock.milliseconds();
    const isIdle = known.endedAt === null && now >= known.idleExpiresAt.getTime();
    return isIdle
      ? this.view.reload(id).then((found) => this.assertHolds(found, auth))
      : this.assertHolds(known, auth, now);
  }

  /**
   * The session while it is live, else null; its ticket is not asked for. Counts as a use. Without a promise when this node knows it for
   * certain.
   */
  findLive(sessionId: string): SessionSnapshot | null | Promise<SessionSnapshot | null> {
    const known = this.view.peek(sessionId);
    if (known === undefined) return this.view.find(sessionId).then((found) => this.used(found));
    const now = this.clock.milliseconds();
    // Another node may have seen the session since this one did, and only the store would know.
    if (known.endedAt === null && now >= known.idleExpiresAt.getTime()) {
      return this.view.reload(sessionId).then((found) => this.used(found));
    }
    return this.used(known, now);
  }

  /** The session while it is a live one of this strategy, as far as this node knows; else null. Counts as no use. */
  async findUnused(sessionId: string, strategy: StrategyName): Promise<SessionSnapshot | null> {
    const found = await this.view.find(sessionId);
    const snapshot = found && this.withTouch(found);
    const isLive = snapshot?.strategy === strategy && overBecause(snapshot, this.clock.milliseconds()) === null;
    return isLive ? snapshot : null;
  }

  /** The session as it is known, whether live or not; null when it is unknown. Judges nothing. */
  find(sessionId: string): Promise<SessionSnapshot | null> {
    return this.view.find(sessionId);
  }

  /** The stored hash of a session's secret, whether it is live or not; null: it has none, or there is no such session. Does not ask for its user. */
  async secretHashOf(sessionId: string): Promise<string | null> {
    const found = this.view.peek(sessionId) ?? (await this.store.find(sessionId));
    return found?.secretHash ?? null;
  }

  private judge(
    found: SessionSnapshot | null,
    strategy: StrategyName,
    prove: (secretHash: string | null) => boolean,
  ): SessionAuth {
    if (!found) throw new AuthError('unauthenticated', { reason: 'unknown_session' });
    // Tickets of different kinds never stand in for one another (an access token's session has no cookie).
    if (found.strategy !== strategy) throw new AuthError('unauthenticated', { reason: 'other_strategy' });
    if (!prove(found.secretHash)) throw new AuthError('unauthenticated', { reason: 'wrong_secret' });
    return this.resolveProven(found, strategy, this.clock.milliseconds());
  }

  /** The session of a ticket that has proven it. */
  private resolveProven(found: SessionSnapshot, strategy: StrategyName, now: number): SessionAuth {
    const snapshot = this.withTouch(found);
    assertLive(snapshot, now);
    this.see(snapshot, now);
    const { user, impersonatorId, claims } = snapshot;
    const shown = impersonatorId === null ? user : { ...user, impersonatorId };
    return { by: 'session', user: shown, strategy, session: toAuthSession(snapshot, user.id), claims };
  }

  private used(found: SessionSnapshot | null, now = this.clock.milliseconds()): SessionSnapshot | null {
    const snapshot = found && this.withTouch(found);
    if (!snapshot || overBecause(snapshot, now) !== null) return null;
    this.see(snapshot, now);
    return snapshot;
  }

  private assertHolds(found: SessionSnapshot | null, { user }: AuthContext, now = this.clock.milliseconds()): Date {
    if (!found || found.user.id !== user.id) throw new AuthError('unauthenticated', { reason: 'unknown_session' });
    const snapshot = this.withTouch(found);
    assertLive(snapshot, now);
    // What a connection was opened for was decided by them.
    if (found.user.revision !== user.revision) throw new AuthError('token_expired', { reason: 'user_changed_since' });
    const { idleExpiresAt, absoluteExpiresAt } = snapshot;
    return idleExpiresAt.getTime() < absoluteExpiresAt.getTime() ? idleExpiresAt : absoluteExpiresAt;
  }

  /** The store does not know yet what waits to be written. */
  private withTouch(snapshot: SessionSnapshot): SessionSnapshot {
    const latest = this.touches.unwritten(snapshot.id);
    return latest && latest.lastSeenAt.getTime() > snapshot.lastSeenAt.getTime()
      ? { ...snapshot, ...latest }
      : snapshot;
  }

  private see({ id, lastSeenAt }: SessionSnapshot, now: number): void {
    if (now - lastSeenAt.getTime() < this.touchMilliseconds) return;
    const touch = { lastSeenAt: new Date(now), idleExpiresAt: this.clock.in(this.idleSeconds) };
    this.view.see(id, touch);
    this.touches.set(id, touch);
  }
}

function assertLive(snapshot: SessionSnapshot, now: number): void {
  const reason = overBecause(snapshot, now);
  if (reason !== null) throw new AuthError('session_ended', { reason });
}

/** Why it is not live; null: it is. */
function overBecause(snapshot: SessionSnapshot, now: number): string | null {
  const { endedAt, idleExpiresAt, absoluteExpiresAt, userBannedUntil, isSuperseded } = snapshot;
  if (endedAt || isSuperseded) return 'revoked';
  if (now >= absoluteExpiresAt.getTime()) return 'absolute_timeout';
  if (now >= idleExpiresAt.getTime()) return 'idle_timeout';
  return userBannedUntil !== null && now < userBannedUntil.getTime() ? 'user_banned' : null;
}
