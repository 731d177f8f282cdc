import { median } from '../harness/median.js';
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
  /** Of the p99s, round by round. */
  readonly ratio: number;
  /** The least and the most of the rounds. */
  readonly spread: readonly [number, number];
}

/** In milliseconds, medians of the rounds. */
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
  return [...loads].map(([step, rounds]) => outcomeOf(`${part.title}: ${step.name}`, rounds));
}

async function pair(bench: Bench, step: Step, { few, many }: { few: Served; many: Served }, fewFirst: boolean) {
  const loadOf = (served: Served) => bench.load(served.app, { connections: CONNECTIONS, ...step.plan(served) });
  if (fewFirst) return { few: await loadOf(few), many: await loadOf(many) };
  const last = await loadOf(many);
  return { few: await loadOf(few), many: last };
}

function outcomeOf(name: string, rounds: readonly { few: Load; many: Load }[]): Outcome {
  const ratios = rounds.map(({ few, many }) => many.p99Milliseconds / few.p99Milliseconds);
  const times = (side: 'few' | 'many') => ({
    p50: median(rounds.map((round) => round[side].p50Milliseconds)),
    p99: median(rounds.map((round) => round[side].p99Milliseconds)),
  });
  const spread = [Math.min(...ratios), Math.max(...ratios)] as const;
  return { name, few: times('few'), many: times('many'), ratio: median(ratios), spread };
}
