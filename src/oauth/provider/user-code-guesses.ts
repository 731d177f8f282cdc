import { Injectable } from '@nestjs/common';
import { LimitKeys } from '../../limits/limit-keys.js';
import { RateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { RateLimiter } from '../../limits/rate-limiter.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';
import { OAuthLimits } from './oauth-limits.js';
import { stateOf } from './request-state.js';

/** Counts the user codes that are wrong: there are few of them, and an attacker who guesses one signs a stranger's device in. RFC 8628 §5.1. */
@Injectable()
export class UserCodeGuesses {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly keys: LimitKeys,
    private readonly limits: OAuthLimits,
    private readonly headers: RateLimitHeaders,
  ) {}

  /**
   * The result of `find`, with wrong guesses counted.
   *
   * @throws the library's error, status 429, without a look once there were too many wrong ones by this session, or by this network where
   * no user is logged in
   */
  async counted<T>(library: Library, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const ctx = currentContext(library);
    const { session, caller } = stateOf(ctx.req);
    const guesser = session?.id ?? this.keys.network(caller);
    const taken = await this.limiter.take([{ ...this.limits.userCodes, key: `oauth-user-code:${guesser}` }]);
    if (taken.full) {
      ctx.set('Retry-After', String(this.headers.secondsUntil(taken.full.resetsAt)));
      const refusal = new library.errors.OIDCProviderError(429, 'slow_down');
      throw Object.assign(refusal, { error_description: 'too many wrong codes; wait for Retry-After' });
    }
    const found = await find();
    if (found !== undefined) await this.limiter.giveBack(taken);
    return found;
  }
}
