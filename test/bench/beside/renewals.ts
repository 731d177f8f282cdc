import { median } from '../harness/median.js';
import type { Bench, BenchApp, Load } from '../row.js';
import { type Contender, type Held, placeFor } from './contender.js';

const CLIENTS = 400;
const AT_ONCE = 8;
/** Until then much of what runs has not been compiled. */
const WARM_UP_ROUNDS = 6;

/** A new ticket or token for an old one. */
export interface Renewal {
  readonly contender: Contender;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p99Milliseconds: number;
}

interface Started {
  readonly contender: Contender;
  readonly app: BenchApp;
  held: Held[];
}

/** Each of 400 clients once a round, eight at a time; the first rounds warm up. */
export async function measureRenewals(bench: Bench, contenders: readonly Contender[]): Promise<Renewal[]> {
  const started: Started[] = [];
  for (const contender of contenders.filter(({ renewal }) => renewal !== null)) {
    const app = await contender.start(bench, await placeFor(bench, contender), {});
    started.push({ contender, app, held: await contender.held(app, CLIENTS) });
  }
  const loads = new Map<Started, Load[]>(started.map((one) => [one, []]));
  for (let round = 1 - WARM_UP_ROUNDS; round <= bench.rounds; round++) {
    for (const one of started) {
      const load = await renewAll(bench, one);
      if (round < 1) continue;
      loads.get(one)!.push(load);
      bench.say(`  round ${round}  ${one.contender.name}: ${load.cpuMicrosPerRequest.toFixed(0)} µs a renewal`);
    }
  }
  await Promise.all(started.map(({ app }) => app.stop()));
  return [...loads].map(([{ contender }, all]) => ({
    contender,
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    cpuMicros: median(all.map(({ cpuMicrosPerRequest }) => cpuMicrosPerRequest)),
    p99Milliseconds: median(all.map(({ p99Milliseconds }) => p99Milliseconds)),
  }));
}

function renewAll(bench: Bench, one: Started): Promise<Load> {
  const { contender, app, held } = one;
  const sent = held.map((each) => contender.renewal!(each));
  const bodies = sent.flatMap(({ body }) => body ?? []);
  return bench.load(app, {
    ...{ method: 'POST', path: sent[0]!.path, connections: AT_ONCE, requests: CLIENTS },
    headers: sent.map(({ headers }) => headers),
    ...(bodies.length > 0 && { body: bodies }),
    onAnswer: (answer, at) => {
      held[at] = contender.renewed(held[at]!, answer);
    },
  });
}
