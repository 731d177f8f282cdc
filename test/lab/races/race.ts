import type { Ground } from '../harness/ground.js';
import { Tally } from '../harness/tally.js';

/** What came of a row: what must not have happened, and the figure that the row is for. */
export interface Finding {
  /** In words; empty when every promise was kept. */
  readonly violations: readonly string[];
  readonly metric: string;
}

/** A race that is run round after round. */
export interface Race {
  readonly id: string;
  readonly name: string;
  /** Rounds under way at the same time, each of other people. */
  readonly lanes: number;
  /** Once before the first round. */
  readonly prepare?: (ground: Ground) => Promise<void>;
  /** Notes what it counts in the tally. */
  readonly round: (ground: Ground, number: number, tally: Tally) => Promise<void>;
  readonly metric: (tally: Tally) => string;
}

/** Runs all rounds of a race. */
export async function run(race: Race, ground: Ground, rounds: number): Promise<Finding> {
  const tally = new Tally();
  await race.prepare?.(ground);
  let next = 0;
  const lane = async () => {
    for (let number = next++; number < rounds; number = next++) await race.round(ground, number, tally);
  };
  await Promise.all(Array.from({ length: race.lanes }, lane));
  return { violations: tally.violations, metric: race.metric(tally) };
}
