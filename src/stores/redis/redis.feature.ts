import type { Feature } from '../../config/feature.js';
import { RedisStorage } from './redis.storage.js';
import { redisOptions } from './redis-options.js';
import { redisSpanDescriptions, redisSpans } from './redis-spans.js';

/** `SESSION_STORE=redis`. */
export const redisFeature: Feature = {
  name: 'redis',
  options: redisOptions,
  storages: { redis: RedisStorage },
  spans: { declared: redisSpanDescriptions, inject: [RedisStorage], useFactory: redisSpans },
};
