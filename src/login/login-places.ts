import { Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { AuthError } from '../kernel/auth-error.js';
import type { RateLimit } from '../limits/rate-limit.store.js';
import { RateLimitHeaders } from '../limits/rate-limit-headers.js';
import { RateLimiter, type Taken } from '../limits/rate-limiter.js';
import { Refusals } from '../limits/refusals.js';
import { AttemptsUnderWay } from './attempts-under-way.js';

/** As long as a password may wait to be hashed: then the client had better come again. */
const PATIENCE_SECONDS = 5;

/** The places that attempts take in the counters of their limits. */
@Injectable()
export class LoginPlaces {
  private readonly underWay = new AttemptsUnderWay();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly headers: RateLimitHeaders,
    private readonly refusals: Refusals,
  ) {}

  /**
   * Takes a place in every counter. Whoever finds one full of attempts that this node has under way waits for one to end.
   *
   * @param whose finds out whom the attempt is meant for, should a refusal be recorded
   * @throws AuthError `rate_limited`; `unavailable` when the counters are locked
   */
  async take(
    limits: readonly RateLimit[],
    request: HttpRequest,
    reply: HttpReply,
    whose: () => Promise<string | null>,
  ): Promise<Taken> {
    const keys = limits.map(({ key }) => key);
    const giveUpAt = performance.now() + PATIENCE_SECONDS * 1000;
    for (let round = 1; ; round += 1) {
      this.underWay.ask(keys);
      const taken = await this.limiter.take(limits).catch((error) => {
        this.underWay.refuse(keys);
        throw error;
      });
      if (taken.admitted) {
        this.underWay.admit(keys);
        this.tellWhatIsLeft(taken, reply);
        return taken;
      }
      this.underWay.refuse(keys);
      const patience = (giveUpAt - performance.now()) / 1000;
      if (!(await this.underWay.turn(taken.full!.key, round === 1, patience)))
        return this.refuse(taken, request, reply, whose);
    }
  }

  /** The place of an attempt that has failed stays taken. */
  async leave(taken: Taken, hasFailed: boolean): Promise<void> {
    if (!hasFailed) await this.limiter.giveBack(taken);
    this.underWay.end(
      taken.counts.map(({ key }) => key),
      !hasFailed,
    );
  }

  /** Not of the e-mail address: how often others failed to log in to it would tell that it is somebody's. */
  private tellWhatIsLeft({ counts }: Taken, reply: HttpReply): void {
    this.headers.write(reply, counts.slice(0, 1));
  }

  private async refuse(
    { full }: Taken,
    request: HttpRequest,
    reply: HttpReply,
    whose: () => Promise<string | null>,
  ): Promise<never> {
    const { key, resetsAt } = full!;
    this.headers.write(reply, [full!]);
    const reason = `limit_by_${key.split(':', 1)[0]}`;
    await this.refusals.record(full!, { reason, origin: originOf(request) }, whose);
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(resetsAt) });
  }
}
