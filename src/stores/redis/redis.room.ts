import type { Room } from '../../config/room.js';
import { RedisStorage } from './redis.storage.js';
import { redisOptions } from './redis-options.js';

/** `SESSION_STORE=redis`. */
export const redisRoom: Room = { name: 'redis', options: redisOptions, storages: { redis: RedisStorage } };
