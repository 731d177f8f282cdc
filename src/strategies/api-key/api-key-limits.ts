import { Injectable } from '@nestjs/common';
import type { HttpReply } from '../../access/http-exchange.js';
import { type AuthContext, ticketIdOf } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import type { RateLimit } from '../../limits/rate-limit.store.js';
import { RateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { RateLimiter } from '../../limits/rate-limiter.js';
import { API_KEY_QUOTA, type ApiKeySnapshot } from './api-key-snapshots.js';
import { ApiKeyUsage } from './api-key-usage.js';

/** Counts the requests of keys that have a rate limit or a quota: exactly, over all nodes, by one call to the chosen store. */
@Injectable()
export class ApiKeyLimits {
  private readonly limits = new WeakMap<AuthContext, readonly RateLimit[]>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly headers: RateLimitHeaders,
    private readonly usage: ApiKeyUsage,
    private readonly clock: Clock,
  ) {}

  remember({ context, limits }: ApiKeySnapshot): void {
    if (!this.limits.has(context)) this.limits.set(context, limits);
  }

  /** Undefined: nothing is counted. */
  chargeFor(context: AuthContext): ((reply: HttpReply) => Promise<void>) | undefined {
    const limits = this.limits.get(context);
    return limits && ((reply) => this.charge(ticketIdOf(context), limits, reply));
  }

  /** @throws AuthError `rate_limited`; `unavailable` when a quota cannot be counted: of many nodes each would give out some of it */
  private async charge(keyId: string, limits: readonly RateLimit[], reply: HttpReply): Promise<void> {
    const { full, counts } = await (limits.some(isQuota)
      ? this.limiter.takeExactly(limits)
      : this.limiter.take(limits));
    this.headers.write(reply, full ? [full] : counts);
    if (!full) return;
    this.usage.recordRefusal(keyId, this.clock.now());
    const reason = isQuota(full) ? 'api_key_quota' : 'api_key_rate_limit';
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(full.resetsAt) });
  }
}

function isQuota({ key }: RateLimit): boolean {
  return key.startsWith(API_KEY_QUOTA);
}
