import type { Feature } from '../config/feature.js';
import { BotCheck, NoBotCheck } from './bot-check.js';
import { limitEvents } from './limit-events.js';
import { LimitKeys } from './limit-keys.js';
import { limitOptions } from './limit-options.js';
import { MailLimits } from './mail-limits.js';
import { RateLimitHeaders } from './rate-limit-headers.js';
import { RateLimiter } from './rate-limiter.js';
import { Refusals } from './refusals.js';

/** `RateLimitStore` itself comes from the feature of the stores. */
export const limitsFeature: Feature = {
  name: 'limits',
  events: limitEvents,
  options: limitOptions,
  providers: [
    LimitKeys,
    MailLimits,
    RateLimitHeaders,
    RateLimiter,
    Refusals,
    { provide: BotCheck, useClass: NoBotCheck },
  ],
};
