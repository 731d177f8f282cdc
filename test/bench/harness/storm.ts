import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AuthOptions } from 'coatcheck';
import type { Bench, BenchApp, Load, LoadPlan } from '../row.js';
import { onEveryCore } from './machine.js';
import { ROOT } from './stores.js';
import { credentialsOf, type Ticket } from './tickets.js';

const HARNESS = join(ROOT, 'test/bench/harness');

/** What one package does with nothing around it. */
export interface RawHash {
  readonly perSecond: number;
  /** The median of one. */
  readonly milliseconds: number;
}

/** What the probe waited for its answers. */
export interface Probed {
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly longestMilliseconds: number;
}

/** Hashes only, on all cores, in a process of its own with as many threads as hashes at once. */
export async function rawHash(packageName: string, concurrency: number, seconds = 2): Promise<RawHash> {
  const args = [packageName, String(concurrency), String(seconds)];
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(concurrency) };
  const [command, all] = onEveryCore(process.execPath, [join(HARNESS, 'raw-hash.mjs'), ...args]);
  return answerOf(spawn(command, all, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

/** One request after the other at a fixed pace, whatever the answers take, beside everything else that goes on. */
export class Probe {
  private constructor(private readonly child: ChildProcess) {}

  /** Its connections stand and have been used. */
  static async open(app: BenchApp, perSecond: number, headers: readonly Ticket[]): Promise<Probe> {
    const args = [app.url, String(perSecond), JSON.stringify(headers)];
    const child = fork(join(HARNESS, 'probe.mjs'), args, { execArgv: [] });
    await answerOf(child);
    return new Probe(child);
  }

  run(seconds: number): Promise<Probed> {
    const probed = answerOf<Probed>(this.child);
    this.child.send(seconds);
    return probed;
  }

  close(): void {
    this.child.disconnect();
  }
}

/** An app that hashes for real, on all cores. */
export function hashingApp(bench: Bench, options: AuthOptions): Promise<BenchApp> {
  return bench.startApp({ strategy: 'session', realHashes: true, onAllCores: true, options });
}

/** So many logins under way all the time. */
export function logins(bench: Bench, app: BenchApp, connections: number, seconds: number): Promise<Load> {
  const plan: LoadPlan = { method: 'POST', path: '/auth/login', body: JSON.stringify(credentialsOf(0)) };
  return bench.load(app, { ...plan, connections, seconds });
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', ({ result, failure }: { result: T; failure?: string }) =>
      failure ? reject(new Error(failure)) : resolve(result),
    );
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}
