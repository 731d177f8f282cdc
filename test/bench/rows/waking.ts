import type { Bench, BenchApp, Figure, Measurement } from '../row.js';
import { costOf, type Fleet, revoke, startFleet } from './fleet.js';

const NODES = 8;
const FOREIGN_A_SECOND = 2_000;
const LOGOUTS = 100;
/** Each waits for up to a third of a lease. */
const LOGOUTS_POLLED = 10;
const QUIET_MILLISECONDS = 3_000;

/** Eight nodes on PostgreSQL: woken by NOTIFY, alone and beside what others notify, and behind a pooler that swallows it. */
export const waking: Measurement = {
  name: 'waking',
  async measure(bench) {
    const fleet = await startFleet(bench, NODES, 'postgres');
    const figures = [await figureOf(fleet, 'NOTIFY', LOGOUTS)];
    const elsewhere = await foreign(bench, await bench.database());
    figures.push(await figureOf(fleet, await spoken(elsewhere, 'another database'), LOGOUTS));
    await elsewhere.stop();
    const here = await foreign(bench, fleet.databaseUrl);
    figures.push(await figureOf(fleet, await spoken(here, 'the same database'), LOGOUTS));
    await here.stop();
    await fleet.stop();
    const polling = await startFleet(bench, NODES, 'postgres', { polls: true });
    figures.push(await figureOf(polling, 'polling, as behind a pooler', LOGOUTS_POLLED));
    await polling.stop();
    return figures;
  },
};

function foreign(bench: Bench, database: string): Promise<BenchApp> {
  const environment = { BENCH_DATABASE: database, BENCH_RATE: String(FOREIGN_A_SECOND) };
  return bench.startScript('harness/foreign-notify.mjs', environment);
}

/** Whether it really is as many as it should be. */
async function spoken(app: BenchApp, where: string): Promise<string> {
  const before = await app.order<number>('sent');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const rate = (await app.order<number>('sent')) - before;
  return `NOTIFY beside ${rate.toLocaleString('en')} foreign ones a second in ${where}`;
}

async function figureOf(fleet: Fleet, by: string, count: number): Promise<Figure> {
  const quiet = await costOf(fleet, () => new Promise((resolve) => setTimeout(resolve, QUIET_MILLISECONDS, undefined)));
  const { waits } = await costOf(fleet, () => revoke(fleet, { count, atOnce: 1, seconds: 15 }));
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN;
  const node = (quiet.nodeMicros / NODES / quiet.seconds / 1000).toFixed(2);
  return {
    row: `logout acknowledged by ${NODES} nodes, p50, ${by}`,
    value: at(0.5),
    unit: 'ms',
    note: `p99 ${at(0.99).toFixed(1)} ms; ${waits.length} logouts; idle: ${node} ms of CPU a second and node, PostgreSQL ${(quiet.storeMicros / quiet.seconds / 1000).toFixed(0)} ms`,
  };
}
