import { createClient } from 'redis';
import type { RedisStorage } from '../../src/stores/redis/redis.storage.js';
import { type OwnServer, ownServer } from '../servers-of-this-run.js';
import { openRedis } from './store-setups.js';

/** A Redis that a suite has to itself, a storage on it, and a client that does to it what no storage would. */
export interface OwnRedis {
  readonly server: OwnServer;
  readonly storage: RedisStorage;
  readonly raw: ReturnType<typeof createClient>;
}

/** Starts one before the rules of the suite in which it is called, and ends it after them. What it answers is filled by then. */
export function ownRedis(): OwnRedis {
  const own = {} as { -readonly [K in keyof OwnRedis]: OwnRedis[K] };
  beforeAll(async () => {
    own.server = await ownServer('redis');
    own.storage = await openRedis(own.server.url);
    own.raw = createClient({ url: own.server.url });
    own.raw.on('error', () => {});
    await own.raw.connect();
  });
  afterAll(async () => {
    own.storage.onApplicationShutdown();
    own.raw.destroy();
    await own.server.end();
  });
  return own;
}
