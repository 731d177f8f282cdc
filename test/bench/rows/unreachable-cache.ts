import { DatabaseProxy } from '../../database-proxy.js';
import { median } from '../harness/median.js';
import type { Bench, BenchApp, Measurement } from '../row.js';

/** How long a request waits for a Redis that has gone silent, until it is told that it is out of reach. */
export const unreachableCache: Measurement = {
  name: 'unreachable-cache',
  async measure(bench) {
    if (!bench.hasRedis) return [];
    const seconds: number[] = [];
    for (let round = 0; round < bench.rounds; round++) seconds.push(await secondsUntilTold(bench));
    const row = 'a request, until a Redis that went silent is out of reach';
    return [{ row, value: median(seconds), unit: 's', target: { atMost: 10 } }];
  },
};

async function secondsUntilTold(bench: Bench): Promise<number> {
  const proxy = new DatabaseProxy(new URL(await bench.redis()));
  const app = await bench.startApp({ strategy: 'session', store: 'redis', options: { redisUrl: await proxy.open() } });
  await expectStatus(401, app);
  proxy.silence();
  const start = performance.now();
  await expectStatus(503, app);
  const seconds = (performance.now() - start) / 1000;
  await app.stop();
  proxy.close();
  return seconds;
}

/** Of a request with the ticket of a session that nobody knows. @throws unless it is this */
async function expectStatus(expected: number, app: BenchApp): Promise<void> {
  const cookie = `__Host-session=${crypto.randomUUID()}.${'A'.repeat(43)}`;
  const { status } = await fetch(`${app.url}/me`, { headers: { cookie } });
  if (status !== expected) throw new Error(`/me answered ${status} instead of ${expected}`);
}
