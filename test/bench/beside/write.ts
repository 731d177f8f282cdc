import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine, stateOf } from '../harness/machine.js';
import { ROOT } from '../harness/stores.js';
import { aheadOfUs } from './ahead.js';
import type { Check } from './check.js';
import { AT_ONCE, type Login } from './logins.js';
import { type Memory, SESSIONS } from './memory.js';
import type { Renewal } from './renewals.js';
import type { Ending } from './revocations.js';

/** What one run has measured. */
export interface Found {
  readonly checks: readonly Check[];
  readonly renewals: readonly Renewal[];
  readonly endings: readonly Ending[];
  readonly logins: readonly Login[];
  readonly memory: readonly Memory[];
}

/** The same, and how. */
export interface Compared extends Found {
  readonly rounds: number;
  /** Of the machine, in the minute before. */
  readonly loadBefore: number;
  readonly minutes: number;
  readonly postgres: string;
  readonly redis: string;
}

/** Replaces docs/benchmarks.md: the words are in a file beside this one, the figures are of this run. */
export function write(compared: Compared): void {
  const words = readFileSync(join(ROOT, 'test/bench/beside/benchmarks.txt'), 'utf8');
  const ahead = aheadOfUs(compared);
  const parts: Record<string, string> = {
    facts: facts(compared),
    checks: checks(compared),
    logins: logins(compared),
    renewals: renewals(compared),
    endings: endings(compared),
    memory: memory(compared),
    ahead: ahead.length > 0 ? ahead.map((line) => `- ${line}`).join('\n') : 'In no row of this run.',
  };
  const text = words.replace(/\{\{(\w+)\}\}/g, (_all, part: string) => parts[part]!);
  writeFileSync(join(ROOT, 'docs/benchmarks.md'), text);
  process.stdout.write(text);
}

function facts({ rounds, loadBefore, minutes, postgres, redis, checks: all }: Compared): string {
  const packages = [...new Set(all.flatMap(({ contender }) => contender.packages))];
  const theirs = packages.map((name) => `${name} ${versionOf('test/bench/peers/node_modules', name)}`);
  const own = ['@nestjs/core', 'fastify', 'express', 'argon2', '@node-rs/argon2', 'pg', 'redis'];
  const ours = own.map((name) => `${name} ${versionOf('node_modules', name)}`);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return [
    `- **When and where**: ${new Date().toISOString().slice(0, 10)}; ${machine()}; the machine was ${stateOf(loadBefore)}.`,
    `- **How much**: ${rounds === 1 ? '1 round' : `${rounds} rounds`} in ${minutes.toFixed(0)} minutes; medians of rounds.`,
    `- **Coatcheck** ${version} on ${ours.join(', ')}; PostgreSQL ${postgres}, ${redis}.`,
    `- **Others**: ${theirs.join(', ')}.`,
  ].join('\n');
}

function checks({ checks: all }: Compared): string {
  const best = Math.max(...all.filter(({ contender }) => contender.isOurs).map(({ perSecond }) => perSecond));
  return tableOf(
    ['who', 'requests a second', 'share of the fastest of ours', 'CPU of the server', 'p99'],
    all.map(({ contender, perSecond, cpuMicros, p99Milliseconds }) => [
      nameOf(contender),
      count(perSecond),
      (perSecond / best).toFixed(2),
      `${cpuMicros.toFixed(0)} µs`,
      `${p99Milliseconds.toFixed(1)} ms`,
    ]),
  );
}

function logins({ logins: all }: Compared): string {
  return tableOf(
    ['who', 'its hash', 'logins a second', 'the bare hash', 'ratio', `p50, ${AT_ONCE} at once`, 'alone'],
    all.map((one) => [
      nameOf(one.contender),
      one.hash,
      one.perSecond.toFixed(0),
      `${one.rawPerSecond.toFixed(0)} /s`,
      one.ratio.toFixed(2),
      `${one.p50Milliseconds.toFixed(0)} ms`,
      `${one.aloneMilliseconds.toFixed(1)} ms`,
    ]),
  );
}

function renewals({ renewals: all, checks: everyone }: Compared): string {
  const measured = all.map(({ contender, perSecond, cpuMicros, p99Milliseconds }) => [
    nameOf(contender),
    count(perSecond),
    `${cpuMicros.toFixed(0)} µs`,
    `${p99Milliseconds.toFixed(1)} ms`,
  ]);
  const none = everyone.filter(({ contender }) => contender.renewal === null && !contender.isOurs);
  return tableOf(
    ['who', 'renewals a second', 'CPU of the server', 'p99'],
    [...measured, ...none.map(({ contender }) => [nameOf(contender), 'has none', '', ''])],
  );
}

function endings({ endings: all, checks: everyone }: Compared): string {
  const measured = all.map((one) => [
    nameOf(one.contender),
    `${one.answeredP50.toFixed(1)} ms`,
    `${one.answeredP99.toFixed(1)} ms`,
    one.refusedP99 === Number.POSITIVE_INFINITY ? '**not within a second**' : `${one.refusedP99.toFixed(1)} ms`,
    `${one.acceptedAfterwards} of ${one.count}`,
  ]);
  const none = everyone.filter(({ contender }) => contender.logout === null);
  return tableOf(
    ['who', 'answered, p50', 'answered, p99', 'refused at the other process, p99', 'accepted after the answer'],
    [
      ...measured,
      ...none.map(({ contender }) => [nameOf(contender), 'has no logout', '', 'when the token expires', 'always']),
    ],
  );
}

function memory({ memory: all }: Compared): string {
  return tableOf(
    [`${count(SESSIONS)} sessions of`, 'in the store', 'each', 'in a process that has seen all'],
    all.map(({ contender, storeBytes, processBytes }) => [
      nameOf(contender),
      storeBytes === null ? 'nothing' : megabytes(storeBytes),
      storeBytes === null ? '' : `${(storeBytes / SESSIONS).toFixed(0)} bytes`,
      processBytes === null ? (contender.isOurs ? 'as on PostgreSQL' : 'nothing, by design') : megabytes(processBytes),
    ]),
  );
}

function nameOf({ name, isOurs }: Check['contender']): string {
  return isOurs ? `**${name}**` : name;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function versionOf(folder: string, name: string): string {
  return JSON.parse(readFileSync(join(ROOT, folder, name, 'package.json'), 'utf8')).version as string;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
