import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from '../harness/machine.js';
import { ROOT } from '../harness/stores.js';
import { versions } from '../write-readme.js';
import type { Outcome } from './measure.js';
import type { Side } from './side.js';

const MOST = 1.3;

/** What a whole run has found. */
interface Found {
  readonly outcomes: readonly Outcome[];
  readonly few: Side;
  readonly many: Side;
  readonly plans: boolean;
  readonly rounds: number;
}

/** A line a step. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ name, few, many, ratio, spread, most }) => {
    const times = [few.p50, many.p50, few.p99, many.p99].map((time) => time.toFixed(2));
    const isMet = most ? many.p99 <= most : ratio <= MOST;
    const verdict = `${isMet ? 'met' : 'MISSED'}${most ? ` (≤ ${most} ms)` : ''}`;
    const [least, greatest] = spread.map((one) => one.toFixed(2));
    return `| ${name} | ${times.join(' | ')} | ${ratio.toFixed(2)} (${least} to ${greatest}) | ${verdict} |`;
  });
  const head = `| what | p50, few | p50, many | p99, few | p99, many | p99, ratio (of rounds) | ≤ ${MOST} |`;
  return [head, '|---|---|---|---|---|---|---|', ...lines].join('\n');
}

/** Replaces everything in LOAD.md below its mark. */
export function write(found: Found): void {
  const { outcomes, few, many, plans, rounds } = found;
  const rows = (side: Side) =>
    Object.entries(side.rows).map(([table, count]) => `${count.toLocaleString('en')} ${table}`);
  const text = `# What many users cost

Written by \`npm run bench:load\`; how it is measured is in [README.md](README.md#many-users).

${new Date().toISOString().slice(0, 10)}: ${machine()}; ${versions(many.version)}. Milliseconds, over the answers of ${rounds} rounds.

- Few: ${rows(few).join(', ')}.
- Many: ${rows(many).join(', ')}: ${(many.bytes / 1e9).toFixed(1)} GB.

${tableOf(outcomes)}

Plans: every statement of every flow, carried out again on the database of the many (\`test/lab/plans\`): ${
    plans ? 'none reads a large table from end to end, or more than 5,000 rows' : '**some read too much**'
  }.
`;
  writeFileSync(join(ROOT, 'test/bench/LOAD.md'), text);
}
