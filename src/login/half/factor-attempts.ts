import { Injectable } from '@nestjs/common';
import type { HttpExchange } from '../../access/http-exchange.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { limitOptions } from '../../limits/limit-options.js';
import type { RateLimit } from '../../limits/rate-limit.store.js';
import { LoginPlaces } from '../login-places.js';
import { policyOptions } from '../policy/policy-options.js';

/** Whose factor is proven, and in which half-login; null: in none, by somebody logged in. */
export interface FactorAttempt {
  readonly userId: string;
  readonly loginId: string | null;
}

/**
 * The gate that every proof of a known user's factor passes. An attempt takes its place *before* the proof is looked at and keeps it if
 * the proof is wrong: six digits are guessed by trying. Each login has few places, and each user has few over all logins, step-ups and
 * nodes. A right proof gives back its own only, so that beginning anew refills nothing.
 */
@Injectable()
export class FactorAttempts {
  private readonly perLogin: Omit<RateLimit, 'key'>;
  private readonly perUser: Omit<RateLimit, 'key'>;

  constructor(
    private readonly places: LoginPlaces,
    options: Options,
  ) {
    const { factorAttempts, factorAttemptsPerUser, loginFactorSeconds } = options.of(policyOptions);
    const { loginWindowSeconds } = options.of(limitOptions);
    this.perLogin = { limit: factorAttempts, windowSeconds: loginFactorSeconds };
    this.perUser = { limit: factorAttemptsPerUser, windowSeconds: loginWindowSeconds };
  }

  /**
   * @param prove throws `invalid_credentials` for a wrong proof
   * @throws AuthError `rate_limited` after too many of them; whatever `prove` throws
   */
  async judge<T>(attempt: FactorAttempt, exchange: HttpExchange, prove: () => Promise<T>): Promise<T> {
    const { proven, settled } = await this.judgeQuickly(attempt, exchange, prove);
    await settled;
    return proven;
  }

  /** The same, without waiting until the place is given back: `settled`, which never rejects. */
  async judgeQuickly<T>(
    attempt: FactorAttempt,
    { request, reply }: HttpExchange,
    prove: () => Promise<T>,
  ): Promise<{ proven: T; settled: Promise<void> }> {
    const taken = await this.places.take(this.limitsOf(attempt), request, reply);
    try {
      const proven = await prove();
      return { proven, settled: this.places.leave(taken, false) };
    } catch (error) {
      const hasFailed = error instanceof AuthError && error.code === 'invalid_credentials';
      await this.places.leave(taken, hasFailed);
      throw error;
    }
  }

  private limitsOf({ userId, loginId }: FactorAttempt): RateLimit[] {
    const ofUser = { key: `factor-user:${userId}`, ...this.perUser };
    return loginId === null ? [ofUser] : [{ key: `factor-login:${loginId}`, ...this.perLogin }, ofUser];
  }
}
