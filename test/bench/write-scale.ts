import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine, stateOf } from './harness/machine.js';
import { ROOT } from './harness/stores.js';
import { table } from './harness/table.js';
import type { Figure } from './row.js';

const BEGIN = '<!-- figures: written by `npm run bench -- --scale` -->';
const END = '<!-- end of figures -->';

/** Replaces what is between the marks of docs/design/scale.md. */
export function writeScale(
  figures: readonly Figure[],
  { postgres, redis, loadBefore }: { postgres: string; redis: string; loadBefore: number },
): void {
  const file = join(ROOT, 'docs/design/scale.md');
  const text = readFileSync(file, 'utf8');
  const [before, after] = [text.split(BEGIN)[0]!, text.split(END)[1]!];
  const facts = `${new Date().toISOString().slice(0, 10)}; ${machine()}; PostgreSQL ${postgres}, ${redis}; the machine was ${stateOf(loadBefore)}.`;
  writeFileSync(file, `${before}${BEGIN}\n\n${facts}\n\n${table(figures)}\n\n${END}${after}`);
}
