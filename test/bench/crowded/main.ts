import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { machine, moveToLoadCore, onEveryCore } from '../harness/machine.js';
import { Run } from '../harness/run.js';
import { ROOT } from '../harness/stores.js';
import { measure } from './measure.js';
import { filled, sideOf } from './side.js';
import { tableOf, write } from './write.js';

/** Eight minutes or so on a quiet machine: a quarter of the users, three rounds. */
const isShort = process.argv.includes('--short');
const USERS = Number(process.env.BENCH_USERS ?? (isShort ? 250_000 : 1_000_000));
const EVENTS = Number(process.env.BENCH_EVENTS ?? USERS);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? (isShort ? 3 : 5));
/** The fewest with which every page is full: one user in 400 has a name and the beginning of another that are searched for, one in 200 is banned. */
const FEW = 25_000;

/** `npm run bench:load`, or `npm run bench:load -- --short`: what it costs to have many users. With a number of users of one's own nothing is written down. */
async function main(): Promise<void> {
  moveToLoadCore();
  const run = new Run(ROUNDS);
  run.say(machine());
  try {
    const { BENCH_FEW_URL: fewUrl, BENCH_MANY_URL: manyUrl } = process.env;
    const few = await sideOf(fewUrl ?? (await filled(run, FEW, FEW)));
    const many = await sideOf(manyUrl ?? (await filled(run, USERS, EVENTS)));
    run.say(`${(many.bytes / 1e9).toFixed(1)} GB: ${JSON.stringify(many.rows)}`);
    const outcomes = await measure(run, few, many);
    process.stdout.write(`\n${tableOf(outcomes)}\n`);
    const plans = plansHold(many.databaseUrl);
    run.say(`plans: ${plans}`);
    if (!plans) process.exitCode = 1;
    if (!process.env.BENCH_USERS) write({ outcomes, few, many, plans, rounds: ROUNDS });
  } finally {
    await run.stopApps();
    await run.stores.stop();
  }
}

/** Whether `test/lab/plans` finds nothing on this database: every statement of every flow, carried out again. */
function plansHold(databaseUrl: string): boolean {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const [command, args] = onEveryCore(process.execPath, [
    jest,
    '--config',
    'test/lab/jest.config.mjs',
    'test/lab/plans',
  ]);
  const env = { ...process.env, PLANS_DATABASE_URL: databaseUrl };
  return spawnSync(command, args, { cwd: ROOT, env, stdio: ['ignore', 2, 2] }).status === 0;
}

void main();
