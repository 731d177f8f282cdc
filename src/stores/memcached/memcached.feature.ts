import type { Feature } from '../../config/feature.js';
import { MemcachedStorage } from './memcached.storage.js';
import { memcachedOptions } from './memcached-options.js';
import { memcachedSpanDescriptions, memcachedSpans } from './memcached-spans.js';

/** `SESSION_STORE=memcached`. */
export const memcachedFeature: Feature = {
  name: 'memcached',
  options: memcachedOptions,
  storages: { memcached: MemcachedStorage },
  spans: { declared: memcachedSpanDescriptions, inject: [MemcachedStorage], useFactory: memcachedSpans },
};
