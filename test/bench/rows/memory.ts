import { manySessions } from '../harness/many-sessions.js';
import { ticketsOf } from '../harness/tickets.js';
import type { Bench, Figure, Measurement } from '../row.js';

const SESSIONS = 100_000;

/** A fresh node that sees 100,000 sessions of as many users for the first time: what each costs, and what stays in memory. */
export const memory: Measurement = {
  name: 'memory',
  async measure(bench) {
    return [...(await filled(bench, 'session')), ...(await filled(bench, 'jwt'))];
  },
};

async function filled(bench: Bench, strategy: 'session' | 'jwt'): Promise<Figure[]> {
  const databaseUrl = await bench.database();
  const app = await bench.startApp({ strategy, databaseUrl });
  // So that code that is compiled on the way does not count.
  const some = await ticketsOf(app, 64);
  const headers = await manySessions(app, databaseUrl, strategy, SESSIONS);
  await bench.load(app, { path: '/me', headers: some });
  const [before, sentBefore] = [await app.memory(), await app.statements()];
  const load = await bench.load(app, { path: '/me', headers, requests: SESSIONS });
  const [after, sentAfter] = [await app.memory(), await app.statements()];
  await app.stop();
  const bytes = after.heapUsed + after.external - before.heapUsed - before.external;
  return [
    { row: `view miss, ${strategy}`, value: load.cpuMicrosPerRequest, unit: 'µs of CPU', note: 'the whole request' },
    {
      row: `view miss, ${strategy}`,
      value: (sentAfter - sentBefore) / SESSIONS,
      unit: 'statements',
      target: { atMost: 1.01 },
    },
    { row: `memory of 100,000 sessions, ${strategy}`, value: bytes / 1e6, unit: 'MB', target: { atMost: 60 } },
  ];
}
