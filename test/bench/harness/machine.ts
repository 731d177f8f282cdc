import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Which processor the server is held on, and which the load, PostgreSQL and Redis; null where it cannot be said, or is not wanted (`BENCH_UNPINNED=1`). */
export const CORES: { server: number; load: number } | null = coresToUse();

/** What starts a program on the server's core. */
export function onServerCore(command: string, args: readonly string[]): [string, string[]] {
  return CORES ? ['taskset', ['-c', String(CORES.server), command, ...args]] : [command, [...args]];
}

/** What starts a program on every core, although this process keeps to one. */
export function onEveryCore(command: string, args: readonly string[]): [string, string[]] {
  return CORES ? ['taskset', ['-c', `0-${cpus().length - 1}`, command, ...args]] : [command, [...args]];
}

/** What starts a program beside the load, PostgreSQL and Redis. */
export function onLoadCore(command: string, args: readonly string[]): [string, string[]] {
  return CORES ? ['taskset', ['-c', String(CORES.load), command, ...args]] : [command, [...args]];
}

/** Moves this process, and all that it starts from now on, to the load's core. */
export function moveToLoadCore(): void {
  if (CORES) execFileSync('taskset', ['-apc', String(CORES.load), String(process.pid)], { stdio: 'ignore' });
}

/** Whether a program can be started here. */
export function isThere(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What the figures were taken on, in one line. */
export function machine(): string {
  const [first] = cpus();
  const held = CORES ? 'server held on one core, load and stores on another' : 'NOT held on cores';
  return `${first?.model.trim()}, ${cpus().length} cores; Node ${process.versions.node}; ${held}`;
}

/** Load average of the minute before, above which it was not quiet. */
const QUIET = 0.7;

/** Whether anything else ran on it, in words. */
export function stateOf(loadBefore: number): string {
  const shown = `load average ${loadBefore.toFixed(2)} before the run`;
  if (loadBefore <= QUIET) return `quiet (${shown})`;
  return `**not quiet**: other work ran on it (${shown}), so read ratios, CPU times and counts, not rates and milliseconds`;
}

function coresToUse() {
  return cpus().length > 1 && !process.env.BENCH_UNPINNED && isThere('taskset', '--version')
    ? { server: 0, load: 1 }
    : null;
}
