import { Injectable } from '@nestjs/common';
import type { Replier } from '../../access/replier.js';
import type { Charge } from '../../access/ticket-strategy.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import type { RateLimit } from '../../limits/rate-limit.store.js';
import { RateLimitHeaders } from '../../limits/rate-limit-headers.js';
import { RateLimiter } from '../../limits/rate-limiter.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { apiKeyOptions } from './api-key-options.js';
import { ApiKeyUsage } from './api-key-usage.js';

/** Begins what quotas are counted under. */
const API_KEY_QUOTA = 'api-key-quota:';

/** Counts the requests of keys that have a rate limit or a quota: exactly, over all nodes, by one call to the chosen store. */
@Injectable()
export class ApiKeyLimits {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly headers: RateLimitHeaders,
    private readonly usage: ApiKeyUsage,
    private readonly clock: Clock,
    private readonly options: Options,
  ) {}

  /** Undefined: the key has no limits, and nothing is counted. */
  chargeFor(key: ApiKeyEntity): Charge | undefined {
    const limits = this.limitsOf(key);
    return limits.length === 0 ? undefined : (replier) => this.charge(key.id, limits, replier);
  }

  /** @throws AuthError `rate_limited`; `unavailable` when a quota cannot be counted: of many nodes each would give out some of it */
  private async charge(keyId: string, limits: readonly RateLimit[], replier: Replier): Promise<void> {
    const { full, counts } = await (limits.some(isQuota)
      ? this.limiter.takeExactly(limits)
      : this.limiter.take(limits));
    this.headers.write(replier, full ? [full] : counts);
    if (!full) return;
    this.usage.recordRefusal(keyId, this.clock.milliseconds());
    const reason = isQuota(full) ? 'api_key_quota' : 'api_key_rate_limit';
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(full.resetsAt) });
  }

  /** Of a family, so that a rotation fills nothing up. */
  private limitsOf(key: ApiKeyEntity): RateLimit[] {
    const defaults = this.options.of(apiKeyOptions);
    const rate = {
      key: `api-key-rate:${key.familyId}`,
      limit: key.rateLimit ?? defaults.apiKeyRateLimit,
      windowSeconds: key.rateLimitWindowSeconds ?? defaults.apiKeyRateLimitWindowSeconds,
    };
    const quota = {
      key: `${API_KEY_QUOTA}${key.familyId}`,
      limit: key.quota ?? defaults.apiKeyQuota,
      windowSeconds: key.quotaWindowSeconds ?? defaults.apiKeyQuotaWindowSeconds,
    };
    return [rate, quota].filter(({ limit }) => limit > 0);
  }
}

function isQuota({ key }: RateLimit): boolean {
  return key.startsWith(API_KEY_QUOTA);
}
