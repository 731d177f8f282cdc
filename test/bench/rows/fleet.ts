import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { createClient } from 'redis';
import type { FleetSettings } from '../app/fleet.js';
import type { Bench, BenchApp, Figure, Measurement } from '../row.js';

const SIZES = (process.env.BENCH_FLEETS ?? '3,32,256').split(',').map(Number);
/** Processes that share the nodes of a fleet. */
const PROCESSES = 4;
const QUIET_MILLISECONDS = 3_000;
const TICK_MICROS = 10_000;

/** What a revocation costs a fleet of so many nodes, and each of them: one at a time, and 64 at once, by nodes in turn. */
export const fleet: Measurement = {
  name: 'fleet',
  async measure(bench) {
    const figures: Figure[] = [];
    for (const nodes of SIZES) {
      figures.push(...(await measureFleet(bench, nodes, 'postgres')));
      if (bench.hasRedis) figures.push(...(await measureFleet(bench, nodes, 'redis')));
    }
    return figures;
  },
};

/** A fleet, and what stands beside it. */
export interface Fleet {
  readonly apps: readonly BenchApp[];
  /** CPU of the store so far, in µs. */
  storeMicros(): Promise<number>;
  stop(): Promise<void>;
}

async function measureFleet(bench: Bench, nodes: number, store: 'postgres' | 'redis'): Promise<Figure[]> {
  const fleet = await startFleet(bench, nodes, store);
  try {
    const quiet = await costOf(fleet, async () => passed(QUIET_MILLISECONDS));
    const one = await costOf(fleet, () => revoke(fleet, { count: 100, atOnce: 1, seconds: 10 }));
    const many = await costOf(fleet, () => revoke(fleet, { count: 2_000, atOnce: 64, seconds: 5 }));
    const held = await sum(fleet.apps.map((app) => app.order<number>('held')));
    return figuresOf(`${nodes} nodes, ${store}`, nodes, { quiet, one, many, held });
  } finally {
    await fleet.stop();
  }
}

function figuresOf(
  name: string,
  nodes: number,
  { quiet, one, many, held }: { quiet: Cost; one: Cost; many: Cost; held: number },
): Figure[] {
  const each = (cost: Cost, of: number) => of / cost.waits.length;
  const share = `${held} of ${nodes} leases held at the end`;
  const idle = `idle: ${(quiet.nodeMicros / nodes / quiet.seconds / 1000).toFixed(2)} ms of CPU a second and node, store ${(quiet.storeMicros / quiet.seconds / 1000).toFixed(1)} ms a second`;
  return [
    {
      row: `logout acknowledged by ${name}, p50`,
      value: at(one.waits, 0.5),
      unit: 'ms',
      note: `p99 ${at(one.waits, 0.99).toFixed(1)} ms; ${one.waits.length} logouts, ${one.failed} failed; ${idle}; ${share}`,
    },
    {
      row: `a revocation costs ${name}, one at a time`,
      value: each(one, one.nodeMicros) / nodes,
      unit: 'µs of CPU a node',
      note: `store ${(each(one, one.storeMicros) / 1000).toFixed(1)} ms of CPU, ${each(one, one.statements).toFixed(0)} statements`,
    },
    {
      row: `revocations sustained, ${name}`,
      value: many.waits.length / many.seconds,
      unit: '/s',
      note: `64 at once, ${many.failed} failed: p50 ${at(many.waits, 0.5).toFixed(0)} ms, p99 ${at(many.waits, 0.99).toFixed(0)} ms; store ${(each(many, many.storeMicros) / 1000).toFixed(2)} ms of CPU each, ${each(many, many.statements).toFixed(1)} statements`,
    },
  ];
}

/** Their nodes hold their leases when it is answered. */
export async function startFleet(
  bench: Bench,
  nodes: number,
  store: 'postgres' | 'redis',
  more: Partial<FleetSettings> = {},
): Promise<Fleet> {
  const databaseUrl = await bench.database();
  const place = store === 'redis' ? { redisUrl: more.redisUrl ?? (await bench.redis()) } : { databaseUrl };
  const processes = Math.min(PROCESSES, nodes);
  const apps: BenchApp[] = [];
  for (let at = 0; at < processes; at++) {
    const share = Math.floor(nodes / processes) + (at < nodes % processes ? 1 : 0);
    const settings: FleetSettings = { ...place, ...more, nodes: share };
    apps.push(await bench.startBuilt('app/fleet.js', { BENCH_FLEET: JSON.stringify(settings) }));
  }
  // A store that has just been started has revokers wait for leases that it may have forgotten.
  if (store === 'redis') await passed(4_000);
  const storeMicros = store === 'redis' ? () => cpuOfRedis(place.redisUrl!) : () => cpuOfPostgres(databaseUrl);
  return { apps, storeMicros, stop: async () => void (await Promise.all(apps.map((app) => app.stop()))) };
}

interface Cost {
  readonly waits: readonly number[];
  readonly failed: number;
  readonly seconds: number;
  readonly nodeMicros: number;
  readonly storeMicros: number;
  readonly statements: number;
}

/** What something took, in all. */
export async function costOf(fleet: Fleet, work: () => Promise<number[] | undefined>): Promise<Cost> {
  const counted = async () => ({
    nodeMicros: await sum(fleet.apps.map((app) => app.cpuMicros())),
    statements: await sum(fleet.apps.map((app) => app.statements())),
    storeMicros: await fleet.storeMicros(),
  });
  const [before, start] = [await counted(), performance.now()];
  const all = (await work()) ?? [];
  const waits = all.filter((wait) => !Number.isNaN(wait)).sort((one, other) => one - other);
  const seconds = (performance.now() - start) / 1000;
  const after = await counted();
  return {
    waits,
    failed: all.length - waits.length,
    seconds,
    nodeMicros: after.nodeMicros - before.nodeMicros,
    statements: after.statements - before.statements,
    storeMicros: after.storeMicros - before.storeMicros,
  };
}

/** By the nodes of all its processes. */
export async function revoke(
  { apps }: Fleet,
  { count, atOnce, seconds }: { count: number; atOnce: number; seconds: number },
): Promise<number[]> {
  // One at a time is one of the whole fleet.
  const by = atOnce === 1 ? apps.slice(0, 1) : apps;
  const shares = { count: Math.ceil(count / by.length), atOnce: Math.ceil(atOnce / by.length), seconds };
  return (await Promise.all(by.map((app) => app.order<number[]>('revoke', shares)))).flat();
}

async function cpuOfRedis(url: string): Promise<number> {
  const client = createClient({ url });
  await client.connect();
  const info = await client.info('cpu');
  client.destroy();
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)![1]) * 1e6;
  return of('used_cpu_user') + of('used_cpu_sys');
}

/** Of the server and all its processes that are there, by the kernel's account; null where it keeps none. */
async function cpuOfPostgres(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const fieldsOf = (pid: string | number) => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  const server = fieldsOf(rows[0].pid)[1]!;
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = fieldsOf(pid);
      if (pid === server) ticks += Number(fields[13]) + Number(fields[14]);
      if (pid === server || fields[1] === server) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  await client.end();
  return ticks * TICK_MICROS;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function sum(values: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(values)).reduce((all, one) => all + one, 0);
}

function passed(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
