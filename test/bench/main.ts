import { compare } from './beside/main.js';
import { machine, moveToLoadCore } from './harness/machine.js';
import { Run } from './harness/run.js';
import { table } from './harness/table.js';
import type { Figure, Measurement } from './row.js';
import { measurements } from './rows.js';
import { writeReadme } from './write-readme.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** `npm run bench`, or `npm run bench -- get steps` for some of it. Only a whole run is written down. */
async function main(): Promise<void> {
  const named = process.argv.slice(2);
  const chosen = measurements.filter(({ name }) => named.length === 0 || named.includes(name));
  moveToLoadCore();
  const run = new Run(ROUNDS);
  run.say(machine());
  try {
    const figures: Figure[] = [];
    for (const measurement of chosen) figures.push(...(await measured(run, measurement)));
    process.stdout.write(`\n${table(figures)}\n`);
    if (named.length === 0) writeReadme(figures, await run.stores.postgresVersion());
  } finally {
    await run.stores.stop();
  }
}

/** One that fails is a row that says so; the others still count. */
async function measured(run: Run, { name, measure }: Measurement): Promise<Figure[]> {
  run.say(`${name} …`);
  try {
    return await measure(run);
  } catch (error) {
    process.exitCode = 1;
    run.say(String((error as Error).stack));
    return [{ row: name, value: null, unit: '', note: `failed: ${(error as Error).message.slice(0, 200)}` }];
  } finally {
    await run.stopApps();
  }
}

if (process.argv.includes('--docs')) void compare(process.argv.slice(2).filter((argument) => argument !== '--docs'));
else void main();
