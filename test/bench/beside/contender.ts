import type { AppSettings, Bench, BenchApp } from '../row.js';

export const PASSWORD = 'an engine weaves algebra';

/** What one client holds after a login. */
export interface Held {
  /** Of each request that must be known. */
  readonly ticket: Readonly<Record<string, string>>;
  /** What is exchanged for its successor, where that is something else. */
  readonly refresh?: string | undefined;
}

/** Something that a client sends. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where its servers keep what they keep. */
export interface Place {
  readonly database: string;
  readonly redis: string | null;
}

/** One of those who are compared. */
export interface Contender {
  /** With its store and its adapter. */
  readonly name: string;
  readonly isOurs: boolean;
  /** Whose versions are shown. */
  readonly packages: readonly string[];
  readonly store: 'postgres' | 'redis' | 'none';
  start(bench: Bench, place: Place, work: Work): Promise<BenchApp>;
  /** So many clients that are logged in. */
  held(app: BenchApp, count: number): Promise<Held[]>;
  /** Null: it has no login of its own. */
  readonly login: ((at: number) => Sent) | null;
  /** A new ticket, or a new token, for the one held; null: it has none. */
  readonly renewal: ((held: Held) => Sent) | null;
  /** What the client holds after that answer. */
  renewed(held: Held, answer: Buffer): Held;
  /** Null: it has none. */
  readonly logout: ((held: Held) => Sent) | null;
}

/** How a server is started. */
export interface Work {
  readonly realHashes?: boolean;
  readonly onAllCores?: boolean;
  /** Of ours: which package hashes. */
  readonly hasher?: 'argon2' | 'node-rs';
  /** Of ours. */
  readonly more?: Partial<AppSettings>;
}

/** Where a contender begins: an empty database, and an empty Redis where it wants one. */
export async function placeFor(bench: Bench, { store }: Contender): Promise<Place> {
  return { database: await bench.database(), redis: store === 'redis' ? await bench.redis() : null };
}

export function credentials(at: number): string {
  return JSON.stringify({ email: `user-${String(at).padStart(6, '0')}@bench.example`, password: PASSWORD });
}

/** `name=value` of every cookie that an answer sets and does not clear. */
export function cookiesIn(answer: Buffer): string[] {
  const head = answer.toString('latin1').split('\r\n\r\n', 1)[0]!;
  return [...head.matchAll(/\r\nset-cookie: ([^;\r]+=[^;\r]+)/gi)].map(([, cookie]) => cookie!);
}

/** Text of one field of a JSON answer. */
export function fieldIn(answer: Buffer, name: string): string | undefined {
  return new RegExp(`"${name}":"([^"]+)"`).exec(answer.toString('latin1'))?.[1];
}
