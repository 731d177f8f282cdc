import { randomUUID } from 'node:crypto';
import type { RedisConnection } from '../../src/stores/redis/redis-connection.js';
import { isInstalled, sharedServer } from '../servers-of-this-run.js';
import { openRedis } from './store-setups.js';

/** Longer than an answer of Redis is waited for. */
const STALL_MS = 2_500;

(isInstalled('redis-server') ? describe : describe.skip)('a process that was kept from running', () => {
  it.each(['redis', 'redis-cluster'] as const)(
    'does not take %s for silent, whose answer has come meanwhile',
    async (kind) => {
      const storage = await openRedis((await sharedServer(kind)).url);
      const { connection } = storage as unknown as { connection: RedisConnection };
      const key = randomUUID();
      await connection.ask(key, ['DEL', key]);
      // Answered while nobody here can read it.
      const answer = connection.ask(key, ['BLPOP', key, '0.5']);
      await new Promise((resolve) => setTimeout(resolve, 100));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
      expect(await answer).toBeNull();
      expect(await connection.ask(key, ['EXISTS', key])).toBe(0);
      storage.onApplicationShutdown();
    },
  );
});
