import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import { LimitKeys } from './limit-keys.js';
import { limitOptions } from './limit-options.js';
import { RateLimitHeaders } from './rate-limit-headers.js';
import { MAILS } from './rate-limit-rule.js';
import { RateLimiter } from './rate-limiter.js';
import { Refusals } from './refusals.js';

/**
 * The part of {@link MAILS} that counts by address, for a route at which a user may be named by something else: its rule would count each
 * spelling of a name by itself, and all of them end in one mailbox.
 */
@Injectable()
export class MailLimits {
  private readonly most: { readonly limit: number; readonly windowSeconds: number };

  constructor(
    private readonly limiter: RateLimiter,
    private readonly keys: LimitKeys,
    private readonly headers: RateLimitHeaders,
    private readonly refusals: Refusals,
    options: Options,
  ) {
    const limits = options.of(limitOptions);
    const allowed = MAILS.most.email!;
    const limit = typeof allowed === 'function' ? allowed(limits) : allowed;
    this.most = { limit, windowSeconds: limits.loginWindowSeconds };
  }

  /**
   * Counts a request for a mail, whether or not a user has the address.
   *
   * @param handler `Controller.handler` whose counts it shares
   * @param email that is written to
   * @throws AuthError `rate_limited`
   */
  async assertFew(handler: string, email: string, { caller, replier }: Exchange): Promise<void> {
    const { full } = await this.limiter.take([{ ...this.most, key: `email:${handler}:${this.keys.email(email)}` }]);
    if (!full) return;
    this.headers.write(replier, [full]);
    const reason = 'limit_by_email';
    await this.refusals.record(full, { reason, origin: caller });
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(full.resetsAt) });
  }
}
