import { percentile } from '../harness/load.js';
import type { Bench, Load } from '../row.js';
import { type Served, type Side, serve } from './side.js';
import { type Part, parts, type Step } from './steps.js';

/** Enough for the server to have something to do, few enough for what is measured to be no queue. */
const CONNECTIONS = 2;

/** What a step took on both sides. */
export interface Outcome {
  readonly name: string;
  readonly few: Times;
  readonly many: Times;
  /** Of the p99s. */
  readonly ratio: number;
  /** The least and the most of the rounds. */
  readonly spread: readonly [number, number];
  /** What the p99 of the many must not exceed, in milliseconds, where the ratio is not judged. */
  readonly most: number | undefined;
}

/** In milliseconds, of the answers of all rounds. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** Every step on one side, then on the other, the first one changing; and all of it again. */
export async function measure(bench: Bench, few: Side, many: Side): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const part of parts) outcomes.push(...(await measurePart(bench, part, [few, many])));
  return outcomes;
}

async function measurePart(bench: Bench, part: Part, sides: readonly [Side, Side]): Promise<Outcome[]> {
  const few = await serve(bench, sides[0], part.settings);
  const many = await serve(bench, sides[1], part.settings);
  const loads = new Map<Step, { few: Load; many: Load }[]>(part.steps.map((step) => [step, []]));
  // The first round warms up.
  for (let round = 0; round <= bench.rounds; round++) {
    for (const step of part.steps) {
      const both = await pair(bench, step, { few, many }, round % 2 === 0);
      if (round > 0) loads.get(step)!.push(both);
      const [one, other] = [both.few.p99Milliseconds, both.many.p99Milliseconds];
      bench.say(`  round ${round}  ${part.title}: ${step.name}: p99 ${one.toFixed(2)} -> ${other.toFixed(2)} ms`);
    }
  }
  await Promise.all([few.app.stop(), many.app.stop()]);
  return [...loads].map(([step, rounds]) => outcomeOf(`${part.title}: ${step.name}`, step.most, rounds));
}

async function pair(bench: Bench, step: Step, { few, many }: { few: Served; many: Served }, fewFirst: boolean) {
  const loadOf = (served: Served) => bench.load(served.app, { connections: CONNECTIONS, ...step.plan(served) });
  if (fewFirst) return { few: await loadOf(few), many: await loadOf(many) };
  const last = await loadOf(many);
  return { few: await loadOf(few), many: last };
}

function outcomeOf(name: string, most: number | undefined, rounds: readonly { few: Load; many: Load }[]): Outcome {
  const ratios = rounds.map(({ few, many }) => many.p99Milliseconds / few.p99Milliseconds);
  const few = timesOf(rounds.map((round) => round.few));
  const many = timesOf(rounds.map((round) => round.many));
  return { name, few, many, ratio: many.p99 / few.p99, spread: [Math.min(...ratios), Math.max(...ratios)], most };
}

function timesOf(loads: readonly Load[]): Times {
  const all = Float64Array.from(loads.flatMap(({ latencies }) => [...latencies])).sort();
  return { p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
}
