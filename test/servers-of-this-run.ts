import { execFileSync, fork } from 'node:child_process';
import { join } from 'node:path';

/** A server that all suites of this run share. */
export interface SharedServer {
  readonly url: string;
  /** Begins the name of every database of this run. */
  readonly prefix: string;
}

/** What can be asked for; the name of PostgreSQL is the empty one; `embedded`, `package` and `hosts` are folders, not servers. */
export type ServerKind = '' | 'redis' | 'redis-cluster' | 'memcached' | 'embedded' | 'package' | 'hosts';

/** Starts it if nobody asked before. */
export async function sharedServer(kind: ServerKind): Promise<SharedServer> {
  const broker = process.env.COATCHECK_TEST_SERVERS;
  if (!broker) throw new Error('test/global-setup.mjs did not run: is it in the Jest configuration?');
  const worker = Number(process.env.JEST_WORKER_ID ?? 0);
  // Redis has one feed a database, a cluster one: suites that run at the same time must not wait for each other's nodes.
  const path = kind === 'redis-cluster' ? `${kind}/${worker}` : kind;
  const answer = (await (await fetch(`${broker}/${path}`)).json()) as SharedServer & { failure?: string };
  if (answer.failure) throw new Error(answer.failure);
  return kind === 'redis' ? { ...answer, url: `${answer.url}/${worker % 16}` } : answer;
}

/** A server of a suite's own, to be troubled. */
export interface OwnServer {
  readonly url: string;
  /** `kill` and `start` again, empty, at the same address; `stop` freezes it, `continue` lets it go on. */
  make(trouble: 'kill' | 'stop' | 'continue' | 'start'): Promise<void>;
  end(): Promise<void>;
}

/** Starts one. It ends with this process at the latest. */
export async function ownServer(kind: Exclude<ServerKind, '' | 'embedded' | 'package' | 'hosts'>): Promise<OwnServer> {
  const server = fork(join(__dirname, 'cache-server.mjs'), [kind], { execArgv: [] });
  // A suite that failed before it could end its server must not keep the run from ending.
  server.unref();
  server.channel?.unref();
  const answered = () =>
    new Promise<{ url?: string; failure?: string }>((resolve) => {
      server.once('message', (answer) => resolve(answer as { url?: string }));
      server.once('exit', () => resolve({ failure: `${kind} did not start` }));
    });
  const { url, failure } = await answered();
  if (!url) throw new Error(failure);
  return {
    url,
    make: async (trouble) => {
      server.send({ do: trouble });
      await answered();
    },
    end: () =>
      new Promise((resolve) => {
        if (server.exitCode !== null || server.signalCode !== null) return resolve();
        server.once('exit', () => resolve());
        server.disconnect();
      }),
  };
}

/** All spec files of one process share what it has found: nearly each asks for Redis and Memcached, and a process takes its time. */
const FOUND: unique symbol = Symbol.for('coatcheck.installed-programs');
const shared = globalThis as { [FOUND]?: Map<string, boolean> };
shared[FOUND] ??= new Map();
const found = shared[FOUND];

/**
 * Whether the machine has what a suite needs. Where it has not, the suite is left out, loudly; but not in continuous
 * integration, where a test that silently never ran would look like one that passed.
 */
export function isInstalled(
  program: 'redis-server' | 'memcached' | 'pgbouncer' | 'chromium' | 'oathtool' | 'curl' | 'bash',
): boolean {
  if (process.env.CI === 'true') return true;
  const known = found.get(program);
  const isThere = known ?? answers(program);
  found.set(program, isThere);
  // Once a process: nearly each file asks.
  if (!isThere && known === undefined)
    process.stderr.write(
      `\n!! ${program} is not installed: its tests are LEFT OUT. Install the package ${program}.\n\n`,
    );
  return isThere;
}

function answers(program: string): boolean {
  try {
    execFileSync(program, [program === 'memcached' ? '-V' : '--version'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}
