import type { Room } from '../../config/room.js';
import { MemcachedStorage } from './memcached.storage.js';
import { memcachedOptions } from './memcached-options.js';

/** `SESSION_STORE=memcached`. */
export const memcachedRoom: Room = {
  name: 'memcached',
  options: memcachedOptions,
  storages: { memcached: MemcachedStorage },
};
