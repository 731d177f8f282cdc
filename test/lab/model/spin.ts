import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MODEL = resolve(__dirname, '../../../src/revocation/model/revocation.pml');
/** Steps; a search that would go deeper is reported as not exhaustive. */
const DEEPEST = 1_000_000;
const MEMORY_MIB = 3000;

/** What an exhaustive search of the model found. */
export interface Search {
  /** False when it ran out of depth or memory: then that nothing was found means nothing. */
  readonly exhaustive: boolean;
  /** The first violation in spin's words; null when there is none. */
  readonly violation: string | null;
  /** Steps of a node that no run takes: what was proven of them is nothing. */
  readonly unreached: readonly string[];
  readonly states: number;
}

/** Whether spin and the C compiler that it needs are on this machine. */
export function spinIsInstalled(): boolean {
  return ['spin', 'gcc'].every((tool) => spawnSync(tool, [tool === 'spin' ? '-V' : '--version']).status === 0);
}

/** Searches every reachable state of the model. @param flags names to define, such as `NODES=1` */
export function search(flags: readonly string[]): Search {
  return searchBy(flags, '-O1');
}

/** {@link search}, of a model with a planted fault. On one node it has found that before a faster program would be compiled. */
export function searchForFault(flags: readonly string[]): Search {
  return searchBy(flags, flags.includes('NODES=1') ? '-O0' : '-O1');
}

function searchBy(flags: readonly string[], optimisation: '-O0' | '-O1'): Search {
  const folder = mkdtempSync(join(tmpdir(), 'revocation-model-'));
  const run = (command: string, args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
  try {
    run('spin', ['-a', ...flags.map((flag) => `-D${flag}`), MODEL]);
    run('gcc', [optimisation, '-w', '-DSAFETY', '-DCOLLAPSE', `-DMEMLIM=${MEMORY_MIB}`, '-o', 'pan', 'pan.c']);
    return read(run(join(folder, 'pan'), [`-m${DEEPEST}`]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(report: string): Search {
  const errors = /errors: (\d+)/.exec(report)?.[1];
  const states = /(\d+) states, stored/.exec(report)?.[1];
  if (errors === undefined || states === undefined) throw new Error(`spin said something else:\n${report}`);
  const unreached = [...report.matchAll(/^\t\S*((?:view|node|follower)\.pml:\d+), state \d+, (.*)$/gm)];
  return {
    exhaustive: !/max search depth too small|Search not completed|out of memory|reached -DMEMLIM/.test(report),
    violation: errors === '0' ? null : (/^pan:1: (.*) \(at depth/m.exec(report)?.[1] ?? 'unknown'),
    // A node works for ever: that it does not end is right.
    unreached: unreached.filter(([, , step]) => step !== '"-end-"').map(([, line, step]) => `${line} ${step}`),
    states: Number(states),
  };
}
