import { Injectable, Logger } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { Options } from '../config/options.js';
import { AuthError, type ProofOutcome } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { limitOptions } from '../limits/limit-options.js';
import type { RateLimit } from '../limits/rate-limit.store.js';
import { RateLimitHeaders } from '../limits/rate-limit-headers.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { Refusals } from '../limits/refusals.js';
import { AttemptSlots } from './attempt-slots.js';
import { FactorFailures } from './factor-failures.js';
import { GuessNotifications } from './guess-notifications.js';
import { lockoutOptions } from './lockout-options.js';
import type { Proven } from './login-attempts.js';
import { proofOutcomeOf } from './proof-outcome.js';

const DAY_MS = 86_400_000;

/** Whose factor is proven, and where. */
export interface FactorAttempt {
  readonly userId: string;
  /** The id by which attempts at this proof are counted: the pending login's or the session's. */
  readonly boundTo: string;
  /** How long the login lasts whose next factor it is; absent: the user is logged in. */
  readonly loginSeconds?: number;
  /** Whether it can be guessed, as `Factor` says; a factor that is not asked for counts as a guess. */
  readonly isGuess: boolean;
  /** Whether the factor is being enrolled: then a right code says nothing about those that were wrong before. */
  readonly isPending?: boolean;
}

/**
 * Counts the attempts at the factors of a known user; every proof passes through it. An attempt reserves its slot *before* the proof is
 * looked at and keeps it if the proof is wrong: six digits are guessed by trying. Each login has few slots, and each user has few in a
 * window; and wrong codes in a row have one budget over all logins, step-ups, windows and nodes ({@link FactorFailures}). What cannot be
 * guessed, a passkey, has no part in a user's budget: it stays open however many codes are tried.
 */
@Injectable()
export class FactorAttempts {
  private readonly logger = new Logger('lockout');
  private readonly perLogin: number;
  private readonly perUser: Omit<RateLimit, 'key'>;

  constructor(
    private readonly slots: AttemptSlots,
    private readonly failures: FactorFailures,
    private readonly notifications: GuessNotifications,
    private readonly limiter: RateLimiter,
    private readonly headers: RateLimitHeaders,
    private readonly refusals: Refusals,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { factorAttempts, factorAttemptsPerUser } = options.of(lockoutOptions);
    const { loginWindowSeconds } = options.of(limitOptions);
    this.perLogin = factorAttempts;
    this.perUser = { limit: factorAttemptsPerUser, windowSeconds: loginWindowSeconds };
  }

  /**
   * @param prove throws for a wrong proof, whatever it answers: see `proofOutcomeOf`
   * @throws AuthError `rate_limited` after too many of them; whatever `prove` throws
   */
  async guardProof<T>(attempt: FactorAttempt, exchange: Exchange, prove: () => Promise<T>): Promise<T> {
    const { proven, settled } = await this.guardProofQuickly(attempt, exchange, prove);
    await settled;
    return proven;
  }

  /** The same, without waiting until the slot is given back: `settled`, which never rejects. */
  async guardProofQuickly<T>(attempt: FactorAttempt, exchange: Exchange, prove: () => Promise<T>): Promise<Proven<T>> {
    const taken = await this.slots.reserve(this.limitsOf(attempt), exchange, async () => attempt.userId);
    let failures: number | null = null;
    try {
      if (attempt.isGuess) failures = await this.reserve(attempt.userId, exchange);
      const proven = await prove();
      const settled = Promise.all([this.slots.release(taken, false), this.settleRight(attempt, failures)]);
      return { proven, settled: settled.then(() => undefined) };
    } catch (error) {
      const outcome = proofOutcomeOf(error);
      try {
        if (attempt.isGuess) await this.settleRefused(attempt.userId, failures, outcome, exchange);
      } finally {
        // Also of a right one that was used before: no guess, but a client that has one could send it, and have it recorded, without end.
        await this.slots.release(taken, outcome !== 'unjudged');
      }
      throw error;
    }
  }

  /** Nothing is in a row any more: something that cannot be guessed was proven, or the user was unlocked. */
  forgive(userId: string): Promise<void> {
    return this.failures.forgive(userId);
  }

  /** Has the coarse limit of a user count anew. Never within a transaction: counters may need a connection of their own. */
  async allowTries(userId: string): Promise<void> {
    await this.limiter.forget([userLimitKey(userId)]);
  }

  /** @throws AuthError `rate_limited` */
  private async reserve(userId: string, { caller: origin, replier }: Exchange): Promise<number | null> {
    const reservation = await this.failures.reserve(userId);
    if (reservation.isAdmitted) return reservation.failures;
    const isLocked = reservation.retryAt === null;
    // Of the unlock link that was mailed then, this is the day's only reminder.
    if (isLocked) await this.notifications.notifyIfDue(userId, origin);
    const resetsAt = reservation.retryAt ?? endOfDay(this.clock.now());
    const reason = isLocked ? 'second_factors_locked' : 'second_factors_wait';
    this.headers.write(replier, [{ key: reason, limit: 1, windowSeconds: 1, count: 1, added: false, resetsAt }]);
    await this.refusals.record({ key: `${reason}:${userId}`, resetsAt }, { reason, userId, origin });
    const retryAfterSeconds = this.headers.secondsUntil(resetsAt);
    throw new AuthError('rate_limited', { reason, retryAfterSeconds, proof: 'unjudged' });
  }

  private async settleRight(attempt: FactorAttempt, failures: number | null): Promise<void> {
    const { userId, isPending } = attempt;
    // Nothing was counted before, and nothing by this.
    if (attempt.isGuess && failures === null) return;
    try {
      if (!isPending) await this.failures.forgive(userId);
      else if (failures !== null) await this.failures.giveBack(userId, failures);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      this.logger.warn(`wrong codes before a correct one could not be cleared: ${name}`);
    }
  }

  private async settleRefused(
    userId: string,
    reserved: number | null,
    outcome: ProofOutcome,
    { caller }: Exchange,
  ): Promise<void> {
    if (outcome !== 'wrong') {
      if (reserved !== null) await this.failures.giveBack(userId, reserved);
      return;
    }
    const failures = reserved ?? (await this.failures.count(userId));
    if (this.failures.mayBeNotified(failures)) await this.notifications.notifyIfDue(userId, caller);
  }

  private limitsOf({ userId, boundTo, loginSeconds, isGuess }: FactorAttempt): RateLimit[] {
    const ofUser = { key: userLimitKey(userId), ...this.perUser };
    if (loginSeconds === undefined) return [isGuess ? ofUser : { key: `factor-session:${boundTo}`, ...this.perUser }];
    const ofLogin = { key: `factor-login:${boundTo}`, limit: this.perLogin, windowSeconds: loginSeconds };
    return isGuess ? [ofLogin, ofUser] : [ofLogin];
  }
}

function userLimitKey(userId: string): string {
  return `factor-user:${userId}`;
}

function endOfDay(now: Date): Date {
  return new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
}
