import { loadavg } from 'node:os';
import { machine, moveToLoadCore } from '../harness/machine.js';
import { Run } from '../harness/run.js';
import type { Bench } from '../row.js';
import { measureChecks } from './check.js';
import type { Contender } from './contender.js';
import { measureLogins } from './logins.js';
import { measureMemory } from './memory.js';
import { ours } from './ours.js';
import { measureRenewals } from './renewals.js';
import { measureEndings } from './revocations.js';
import { theirs } from './theirs.js';
import { type Found, write } from './write.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const all = [...ours, ...theirs];
const named = (...parts: string[]) => all.filter(({ name }) => parts.some((part) => name.includes(part)));

const PHASES = {
  checks: (bench: Bench) => measureChecks(bench, all),
  renewals: (bench: Bench) => measureRenewals(bench, all.filter(isNotCached)),
  endings: (bench: Bench) => measureEndings(bench, all),
  logins: (bench: Bench) => measureLogins(bench, logsIn()),
  memory: (bench: Bench) => measureMemory(bench, fills()),
};

/**
 * `npm run bench -- --docs`: everyone beside everyone, in one run of about six minutes; writes docs/benchmarks.md. `npm run bench -- --docs logins`
 * tries some of it, and writes nothing.
 */
export async function compare(named: readonly string[]): Promise<void> {
  moveToLoadCore();
  const run = new Run(ROUNDS);
  if (!run.hasPeers || !run.hasRedis) throw new Error('needs `npm run bench:peers` and redis-server');
  run.say(machine());
  const [startedAt, loadBefore] = [performance.now(), loadavg()[0]!];
  const found: Record<string, unknown> = {};
  try {
    for (const [name, measure] of Object.entries<(bench: Bench) => Promise<unknown>>(PHASES)) {
      if (named.length === 0 || named.includes(name)) found[name] = await phase(run, name, () => measure(run));
    }
    const minutes = (performance.now() - startedAt) / 60_000;
    const versions = { postgres: (await run.stores.postgresVersion())!, redis: await run.stores.redisVersion() };
    if (named.length === 0) write({ ...(found as unknown as Found), ...versions, rounds: ROUNDS, loadBefore, minutes });
    else process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  } finally {
    await run.stopApps();
    await run.stores.stop();
  }
}

/** One store and one adapter of each: what a login costs is the hash. */
function logsIn(): Contender[] {
  return [
    ...named('Coatcheck, session, Fastify, postgres', 'better-auth, postgres', 'express-session, postgres'),
    ...named('@fastify/session', 'passport-jwt'),
  ];
}

/** One adapter of each: what a session takes does not depend on it. */
function fills(): Contender[] {
  return all.filter((one) => isNotCached(one) && !one.name.includes('Coatcheck, session, Express'));
}

/** Its cache is a cookie. */
function isNotCached({ name }: Contender): boolean {
  return !name.includes('cookieCache');
}

async function phase<T>(bench: Bench, name: string, measure: () => Promise<T>): Promise<T> {
  bench.say(`${name} …`);
  const startedAt = performance.now();
  const measured = await measure();
  bench.say(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return measured;
}
