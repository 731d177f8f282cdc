import { Injectable } from '@nestjs/common';
import type { Exchange, Replier } from '../access/replier.js';
import { AuthError } from '../kernel/auth-error.js';
import { PendingGiveBack } from '../limits/pending-give-back.js';
import type { RateLimit } from '../limits/rate-limit.store.js';
import { RateLimitHeaders } from '../limits/rate-limit-headers.js';
import { RateLimiter, type Taken } from '../limits/rate-limiter.js';
import { Refusals } from '../limits/refusals.js';
import { InFlightAttempts } from './in-flight-attempts.js';

/** As long as a password may wait to be hashed: then the client had better come again. */
const PATIENCE_SECONDS = 5;

/** The slots that attempts hold in the counters of their limits. */
@Injectable()
export class AttemptSlots {
  private readonly inFlight = new InFlightAttempts();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly headers: RateLimitHeaders,
    private readonly refusals: Refusals,
  ) {}

  /**
   * Reserves a slot in every counter. One that is full of attempts in flight on this node is waited for.
   *
   * @param whose finds out whom the attempt is meant for, should a refusal be recorded
   * @throws AuthError `rate_limited`; `unavailable` when the counters are locked
   */
  async reserve(limits: readonly RateLimit[], exchange: Exchange, whose: () => Promise<string | null>): Promise<Taken> {
    const keys = limits.map(({ key }) => key);
    const giveUpAt = performance.now() + PATIENCE_SECONDS * 1000;
    for (let round = 1; ; round += 1) {
      this.inFlight.startReserving(keys);
      const taken = await this.limiter.take(limits).catch((error) => {
        this.inFlight.cancelReserving(keys);
        throw error;
      });
      if (taken.admitted) {
        this.inFlight.finishReserving(keys);
        this.tellWhatIsLeft(taken, exchange.replier);
        return taken;
      }
      this.inFlight.cancelReserving(keys);
      const patience = (giveUpAt - performance.now()) / 1000;
      if (!(await this.inFlight.wait(taken.full!.key, round === 1, patience)))
        return this.refuse(taken, exchange, whose);
    }
  }

  /** Gives the slots back, but for an attempt that has failed. */
  async release(taken: Taken, hasFailed: boolean): Promise<void> {
    if (hasFailed) this.end(taken, false);
    else await this.giveBack(taken).settle();
  }

  /** To be given back by what the attempt was for, or else by {@link PendingGiveBack.settle}. */
  giveBack(taken: Taken): PendingGiveBack {
    return new PendingGiveBack(this.limiter, taken, () => this.end(taken, true));
  }

  /** @param isFree whether another attempt may take the slots */
  private end({ counts }: Taken, isFree: boolean): void {
    this.inFlight.releaseSlots(
      counts.map(({ key }) => key),
      isFree,
    );
  }

  /** Not of the e-mail address: how often others failed to log in to it would tell that a user has it. */
  private tellWhatIsLeft({ counts }: Taken, replier: Replier): void {
    this.headers.write(replier, counts.slice(0, 1));
  }

  private async refuse(
    { full }: Taken,
    { caller: origin, replier }: Exchange,
    whose: () => Promise<string | null>,
  ): Promise<never> {
    const { key, resetsAt } = full!;
    this.headers.write(replier, [full!]);
    const reason = `limit_by_${key.split(':', 1)[0]}`;
    await this.refusals.record(full!, { reason, origin }, whose);
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(resetsAt) });
  }
}
