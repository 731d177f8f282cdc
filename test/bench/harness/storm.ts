import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AuthOptions } from 'coatcheck';
import type { Bench, BenchApp, Load } from '../row.js';
import { onEveryCore } from './machine.js';
import { ROOT } from './stores.js';
import { addUsers, credentialsOf, type LoggedIn, logIn, type Ticket } from './tickets.js';

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
  return rawHashBy(join(HARNESS, 'raw-hash.mjs'), concurrency, [packageName, String(concurrency), String(seconds)]);
}

/** The same of a script of `peers/`, that has but one hash. */
export async function rawPeerHash(script: string, concurrency: number, seconds = 2): Promise<RawHash> {
  return rawHashBy(join(ROOT, 'test/bench/peers', script), concurrency, [String(concurrency), String(seconds)]);
}

function rawHashBy(script: string, concurrency: number, args: readonly string[]): Promise<RawHash> {
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(concurrency) };
  const [command, all] = onEveryCore(process.execPath, [script, ...args]);
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

/**
 * Users, each with a browser that has logged in before. As many as keep all of them below `SESSIONS_PER_USER`: a login beyond it ends an older
 * session, and waits until no node accepts that any more.
 */
export async function browsersOf(app: BenchApp, count: number): Promise<readonly Browser[]> {
  await addUsers(app, count);
  const browsers: Browser[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < count; at = next++) browsers[at] = { at, ...(await logIn(app, at)) };
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return browsers;
}

/** What a user's browser holds. */
export type Browser = LoggedIn & { readonly at: number };

/** So many logins under way all the time, of these users in turn, each from their own browser. */
export function logins(
  bench: Bench,
  app: BenchApp,
  browsers: readonly Browser[],
  connections: number,
  seconds: number,
): Promise<Load> {
  const body = browsers.map(({ at }) => JSON.stringify(credentialsOf(at)));
  const headers = browsers.map(({ device }) => ({ cookie: device! }));
  return bench.load(app, { method: 'POST', path: '/auth/login', body, headers, connections, seconds });
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', ({ result, failure }: { result: T; failure?: string }) =>
      failure ? reject(new Error(failure)) : resolve(result),
    );
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}
