import type { Room } from '../config/room.js';
import { limitEvents } from './limit-events.js';
import { LimitKeys } from './limit-keys.js';
import { limitOptions } from './limit-options.js';
import { RateLimitHeaders } from './rate-limit-headers.js';
import { RateLimiter } from './rate-limiter.js';
import { Refusals } from './refusals.js';

/** `RateLimitStore` itself comes from the room of the stores. */
export const limitsRoom: Room = {
  name: 'limits',
  events: limitEvents,
  options: limitOptions,
  providers: [LimitKeys, RateLimitHeaders, RateLimiter, Refusals],
};
