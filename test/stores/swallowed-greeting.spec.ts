import { Logger } from '@nestjs/common';
import type { Storage } from '../../src/sessions/storage.js';
import { StoreProxy } from '../lab/harness/store-proxy.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { openMemcached, openRedis } from './store-setups.js';

const technologies = [
  ['redis', 'redis-server', openRedis],
  ['memcached', 'memcached', openMemcached],
] as const;

beforeAll(() => Logger.overrideLogger(false));

for (const [kind, program, open] of technologies) {
  const onIt = isInstalled(program) ? describe : describe.skip;
  onIt(`a connection to ${kind}`, () => {
    let server: OwnServer;
    let proxy: StoreProxy;
    let storage: Storage & { onApplicationShutdown(): void };

    beforeAll(async () => {
      server = await ownServer(kind);
      proxy = new StoreProxy(new URL(server.url));
    });

    afterAll(async () => {
      storage.onApplicationShutdown();
      proxy.close();
      await server.end();
    });

    /** @see test/lab/fleet, "a node is cut off from the store silently" */
    it('that was accepted while every packet was swallowed is given up, and another heals it', async () => {
      const url = await proxy.open();
      proxy.silence('all');
      storage = (await open(url)) as typeof storage;
      await expect(storage.ping()).rejects.toMatchObject({ code: 'unavailable' });
      // This line stays silent for good; only a new one comes through.
      proxy.mend();
      await untilReachable(storage);
    });
  });
}

async function untilReachable(storage: Storage): Promise<void> {
  const answers = () =>
    storage.ping().then(
      () => true,
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 20));
}
