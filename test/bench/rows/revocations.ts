import { median } from '../harness/median.js';
import type { Bench, BenchApp, Figure, Measurement } from '../row.js';

const NODES = 3;
const IDLE_ENDS = 300;
const AT_ONCE = 64;
const SECONDS = 3;
const KNOWN = 100;
const RESOLUTIONS = 100_000;
/** As long as a store that has just been started makes revokers wait for leases it may have forgotten. */
const SETTLED_MILLISECONDS = 4_000;

const TARGETS = {
  postgres: { acknowledgedMilliseconds: 25, perSecond: 500 },
  redis: { acknowledgedMilliseconds: 10, perSecond: 5_000 },
} as const;

/** Ends of sessions, each waiting until none of three nodes accepts its ticket: one at a time, and as many as go. */
export const revocations: Measurement = {
  name: 'revocations',
  async measure(bench) {
    const stores = bench.hasRedis ? (['postgres', 'redis'] as const) : (['postgres'] as const);
    const figures: Figure[] = [];
    for (const store of stores) figures.push(...(await revocationsOn(bench, store)));
    return figures;
  },
};

async function revocationsOn(bench: Bench, store: keyof typeof TARGETS): Promise<Figure[]> {
  const nodes = await threeNodes(bench, store);
  const { acknowledgedMilliseconds, perSecond } = TARGETS[store];
  const rounds: Awaited<ReturnType<typeof roundOf>>[] = [];
  for (let round = 0; round < bench.rounds; round++) rounds.push(await roundOf(nodes, 3 * perSecond * SECONDS));
  await Promise.all(nodes.map((node) => node.stop()));
  const of = (name: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[name]));
  return [
    {
      row: `logout acknowledged by ${NODES} idle nodes, p99, ${store}`,
      value: of('idleP99'),
      unit: 'ms',
      target: { atMost: acknowledgedMilliseconds },
      note: `p50 ${of('idleP50').toFixed(1)} ms; all nodes on one core`,
    },
    {
      row: `revocations sustained, ${NODES} nodes, ${store}`,
      value: of('perSecond'),
      unit: '/s',
      target: { atLeast: perSecond },
      note: [
        `${of('cpuEach').toFixed(0)} µs of CPU each, all nodes together, which share one core`,
        `p99 ${of('busyP99').toFixed(0)} ms with ${NODES * AT_ONCE} waiting`,
      ].join('; '),
    },
    {
      row: `recognising a known session while they are revoked, ${store}`,
      value: of('busyMicros'),
      unit: 'µs of CPU',
      ratio: median(rounds.map(({ busyMicros, quietMicros }) => busyMicros / quietMicros)),
      of: 'the same in quiet',
      target: { atMost: 1.2 },
    },
  ];
}

async function threeNodes(bench: Bench, store: keyof typeof TARGETS): Promise<BenchApp[]> {
  const databaseUrl = await bench.database();
  const options = store === 'redis' ? { redisUrl: await bench.redis() } : {};
  const nodes: BenchApp[] = [];
  for (let node = 0; node < NODES; node++) {
    nodes.push(await bench.startApp({ strategy: 'session', store, databaseUrl, options }));
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MILLISECONDS));
  return nodes;
}

async function roundOf(nodes: readonly BenchApp[], plenty: number) {
  const [first] = nodes as [BenchApp];
  await first.order('plantSessions', IDLE_ENDS + KNOWN);
  const quietMicros = await first.order<number>('resolveMicros', RESOLUTIONS);
  const idle = (await ended(first, 1, SECONDS)).sort((one, other) => one - other);
  await Promise.all(nodes.map((node) => node.order('plantSessions', Math.ceil(plenty / NODES))));
  const start = performance.now();
  const ending = Promise.all(nodes.map((node) => ended(node, AT_ONCE, SECONDS)));
  const cpuBefore = await cpuOf(nodes);
  const busyMicros = await first.order<number>('resolveMicros', RESOLUTIONS);
  const busy = (await ending).flat().sort((one, other) => one - other);
  const perSecond = (busy.length / (performance.now() - start)) * 1000;
  const cpuEach = ((await cpuOf(nodes)) - cpuBefore) / busy.length;
  return {
    cpuEach,
    ...{ idleP50: share(idle, 0.5), idleP99: share(idle, 0.99), busyP99: share(busy, 0.99) },
    ...{ perSecond, quietMicros, busyMicros },
  };
}

async function cpuOf(nodes: readonly BenchApp[]): Promise<number> {
  const micros = await Promise.all(nodes.map((node) => node.cpuMicros()));
  return micros.reduce((sum, one) => sum + one, 0);
}

function ended(node: BenchApp, atOnce: number, seconds: number): Promise<number[]> {
  return node.order('endSessions', { atOnce, seconds });
}

function share(sorted: readonly number[], of: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN;
}
