import type { Fleet } from '../harness/fleet.js';
import { isLong } from '../harness/form.js';
import { HEALING_MILLISECONDS, type Violation, violationsIn } from './check-history.js';
import type { RevocationRecord } from './history.js';
import { type Recovery, recoveryOf } from './recovery.js';
import type { Scenario } from './scenarios.js';
import { type Measure, Scene } from './scene.js';

/** What a scenario came to. */
export interface Outcome {
  readonly scenario: string;
  readonly store: string;
  readonly violations: readonly Violation[];
  /** Requests by status and code. */
  readonly answers: ReadonlyMap<string, number>;
  readonly requestsPerSecond: number;
  /** How long each acknowledged revocation took, in milliseconds, the shortest first. */
  readonly acknowledgements: readonly number[];
  readonly acknowledgedBy: ReadonlyMap<string, number>;
  readonly unacknowledged: readonly RevocationRecord[];
  /** Milliseconds after the fault until every node answered 200 again; null: never. */
  readonly firstAcceptance: number | null;
  /** And until fewer than one request in ten cost a look-up. */
  readonly withoutLookups: number | null;
}

/** Quiet before and after a fault, in leases. */
const QUIET = 1;

/** Plays one scenario on a fleet that is well, and leaves it well. */
export async function runScenario(fleet: Fleet, scenario: Scenario, measure: Measure): Promise<Outcome> {
  const scene = new Scene(fleet, measure);
  await scene.welcome();
  const { history, traffic, revoker } = scene;
  const begunAt = history.now();
  let recovery: Recovery;
  let healing = HEALING_MILLISECONDS;
  try {
    traffic.begin();
    revoker.begin();
    await scene.last(QUIET);
    await scenario.run(scene);
    const mendedAt = history.now();
    recovery = await recoveryOf(scene, mendedAt);
    // A starved machine heals slowly: in short, until every node has been seen well; from then on nobody is turned away.
    if (!isLong) healing = Math.max(healing, history.now() - mendedAt);
    await scene.last(QUIET);
  } finally {
    await revoker.end();
    await traffic.end();
  }
  const seconds = (history.now() - begunAt) / 1000;
  // A refresh whose reply was lost, and a store that forgot, are nobody's order.
  const ordered = history.revocations.filter(({ by }) => !by.startsWith('lo') || by.startsWith('logout'));
  const done = ordered.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  return {
    scenario: scenario.name,
    store: fleet.stores.kind,
    violations: violationsIn(history, healing),
    answers: countBy(history.requests, ({ status, code }) => `${status || 'none'}${code ? ` ${code}` : ''}`),
    requestsPerSecond: history.requests.length / seconds,
    acknowledgements: done
      .map(({ startedAt, acknowledgedAt }) => acknowledgedAt! - startedAt)
      .sort((one, other) => one - other),
    acknowledgedBy: countBy(done, ({ by }) => by),
    unacknowledged: ordered.filter(({ acknowledgedAt }) => acknowledgedAt === null),
    ...recovery,
  };
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
