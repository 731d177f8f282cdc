import { Injectable } from '@nestjs/common';
import { LimitKeys } from '../../limits/limit-keys.js';
import { RateLimiter } from '../../limits/rate-limiter.js';
import type { OAuthContext } from './current-request.js';
import { OAuthLimits } from './oauth-limits.js';
import { stateOf } from './request-state.js';

/** Counts the user codes that are wrong: there are few of them, and whoever guesses one signs a stranger's device in. RFC 8628 §5.1. */
@Injectable()
export class UserCodeGuesses {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly keys: LimitKeys,
    private readonly limits: OAuthLimits,
  ) {}

  /**
   * What `find` finds; undefined without a look once there were too many wrong ones by this session, or by this network where nobody is
   * logged in.
   */
  async counted<T>(ctx: OAuthContext, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const { session, caller } = stateOf(ctx.req);
    const guesser = session?.id ?? this.keys.network(caller);
    const taken = await this.limiter.take([{ ...this.limits.userCodes, key: `oauth-user-code:${guesser}` }]);
    if (!taken.admitted) return undefined;
    const found = await find();
    if (found !== undefined) await this.limiter.giveBack(taken);
    return found;
  }
}
