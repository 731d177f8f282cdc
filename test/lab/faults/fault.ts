import { isLong } from '../harness/form.js';
import type { Ground } from '../harness/ground.js';
import type { Tally } from '../harness/tally.js';
import type { Answer } from './load.js';

/** Something that breaks, or is too much. */
export interface Fault {
  readonly id: string;
  readonly name: string;
  /** How often it is played. */
  readonly times: { readonly short: number; readonly long: number };
  /** What the nodes are told, when the row needs other ones than the rest. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly play: (ground: Ground, times: number, tally: Tally) => Promise<void>;
  readonly metric: (tally: Tally) => string;
}

/** Whatever happens, an answer takes less; held in the long form only, because on a starved machine it would judge the machine. */
const BOUND_MILLISECONDS = 10_000;

/** Only while the fault lasts may anybody be turned away, and then properly: 503 with Retry-After, soon. */
export function expectCleanAnswers(
  answers: readonly Answer[],
  { from, to }: { readonly from: number; readonly to: number },
  tally: Tally,
  bound = BOUND_MILLISECONDS,
): void {
  tally.count('requests', answers.length);
  for (const { what, node, status, startedAt, endedAt, hasRetryAfter } of answers) {
    const where = `${what} at node ${node}`;
    tally.peak('slowest', endedAt - startedAt);
    tally.expect(!isLong || endedAt - startedAt < bound, `${where} took ${Math.round(endedAt - startedAt)} ms`);
    if (status < 400 && status > 0) continue;
    tally.count(String(status));
    const isOutage = endedAt >= from && startedAt <= to;
    tally.expect(
      status === 503 && isOutage,
      `${where} was answered ${status} ${isOutage ? 'during' : 'outside'} the fault`,
    );
    tally.expect(status !== 503 || hasRetryAfter, `${where} was turned away without Retry-After`);
  }
}
