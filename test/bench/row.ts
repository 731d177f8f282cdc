import type { AuthOptions } from 'coatcheck';

/** What a figure has to reach, in its own unit (ratios: in their own). At most one of `atLeast` and `atMost`. */
export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Between this and the target it counts as near; beyond, as missed. */
  readonly floor?: number;
}

/** One line of the table. */
export interface Figure {
  /** What was measured, e.g. `authenticated GET, session cookie, Fastify`. */
  readonly row: string;
  /** The median of the rounds; null when it could not be measured, and `note` says why. */
  readonly value: number | null;
  /** `µs`, `ms`, `/s`, `MB`, `×`, `statements`, … */
  readonly unit: string;
  /** Of two figures taken in the same round, the median over the rounds; `target` is about it when it is there. */
  readonly ratio?: number;
  /** What the ratio divides by, e.g. `the same app's public route`. */
  readonly of?: string;
  readonly target?: Target;
  readonly note?: string;
}

/**
 * Some rows that are measured together. One file under `rows/` each, named in `rows.ts`.
 *
 * @example
 * export const hashing: Measurement = {
 *   name: 'hashing',
 *   async measure(bench) {
 *     const app = await bench.startApp({ strategy: 'session' });
 *     …
 *     await app.stop();
 *     return [{ row: 'logins', value, unit: '/s', ratio, of: 'the raw hash rate', target: { atLeast: 0.9 } }];
 *   },
 * };
 */
export interface Measurement {
  /** `npm run bench -- <name> …` measures only these. */
  readonly name: string;
  measure(bench: Bench): Promise<Figure[]>;
}

/** What a bench app is started with. */
export interface AppSettings {
  readonly strategy: 'session' | 'jwt';
  /** Default `fastify`. */
  readonly adapter?: 'fastify' | 'express';
  /** Default `postgres`. Each app has an empty database of its own, unless `databaseUrl` says otherwise. */
  readonly store?: 'postgres' | 'redis' | 'memory';
  readonly databaseUrl?: string;
  /** Never hold a lease: every request asks the store. */
  readonly lookup?: boolean;
  /** Hash passwords for real; otherwise a hasher that costs nothing stands in, so that what remains can be seen. */
  readonly realHashes?: boolean;
  /** More options of `AuthModule.forRoot`. */
  readonly options?: AuthOptions;
  /** With an SDK of OpenTelemetry that records every span and sends none, and has requests be spans. */
  readonly hasSdk?: boolean;
  /** Not held on the server's core: hashing may use all of them. */
  readonly onAllCores?: boolean;
}

/** On which cores a program is held: the server's, the one of load and stores, or any. */
export type Place = 'server' | 'load' | 'all';

/** The compiled application in a process of its own, on the server's core. */
export interface BenchApp {
  readonly url: string;
  readonly pid: number;
  /** User and system time since its start, in µs, of all its threads. */
  cpuMicros(): Promise<number>;
  /** How many statements it has sent to PostgreSQL since its start. */
  statements(): Promise<number>;
  /** Collects garbage, then tells the bytes in use. */
  memory(): Promise<{ heapUsed: number; external: number; rss: number }>;
  /** Any other order of `app/orders.ts`. */
  order<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** What a load was, and what it cost the server. */
export interface Load {
  readonly perSecond: number;
  /** Of the server's process. */
  readonly cpuMicrosPerRequest: number;
  /** How much of its core the server was busy: well under 1, the load and not the server was the limit. */
  readonly serverBusy: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Of every answer, in milliseconds, the least first. */
  readonly latencies: Float64Array;
  /** Every answer had this status, or the load would have failed. */
  readonly status: number;
}

/** One request, again and again; with several sets of headers, they take turns. */
export interface LoadPlan {
  readonly method?: string;
  /** Several take turns. */
  readonly path: string | readonly string[];
  readonly headers?: readonly Readonly<Record<string, string>>[];
  /** Several take turns. */
  readonly body?: string | readonly string[];
  /** Default 32. */
  readonly connections?: number;
  /** Default 2, after a time to warm up. */
  readonly seconds?: number;
  /** Instead of seconds: exactly so many, from the first on. */
  readonly requests?: number;
  /**
   * The load polls instead of sleeping until answers come. To wake it costs the server some µs an answer, an interrupt to
   * another core, which is a matter of this machine and grows as the load has more time to sleep. Not where a store needs that core.
   */
  readonly isSleepless?: boolean;
  /** What every answer must be; default 200. */
  readonly status?: number;
  /** Is shown the head and whatever came with it of every answer, with the request's number. */
  readonly onAnswer?: (answer: Buffer, request: number) => void;
}

/** Machine, servers and load: all that a measurement may use. */
export interface Bench {
  /** How often each measurement repeats its round. */
  readonly rounds: number;
  readonly hasRedis: boolean;
  /** Whether `npm run bench:peers` has installed what we are measured beside. */
  readonly hasPeers: boolean;
  /** Whether the plugin of keys of one of them is. */
  readonly hasKeysOfPeer: boolean;
  startApp(settings: AppSettings): Promise<BenchApp>;
  /** Another program of `test/bench`, on the server's core by default, that tells its URL as a bench app does. */
  startScript(script: string, environment?: Readonly<Record<string, string>>, place?: Place): Promise<BenchApp>;
  /** The same of one that is compiled, by its path below `test/bench`. */
  startBuilt(script: string, environment: Readonly<Record<string, string>>): Promise<BenchApp>;
  load(app: BenchApp, plan: LoadPlan): Promise<Load>;
  /** A fresh, migrated database. */
  database(): Promise<string>;
  /** A fresh, empty Redis database. */
  redis(): Promise<string>;
  /** An empty cluster of three masters. */
  cluster(): Promise<string>;
  say(line: string): void;
}
