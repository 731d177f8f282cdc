import { availableParallelism } from 'node:os';
import { median } from '../harness/median.js';
import { type RawHash, rawHash, rawPeerHash } from '../harness/storm.js';
import type { Bench, BenchApp } from '../row.js';
import { type Contender, cookiesIn, credentials, PASSWORD, placeFor, type Work } from './contender.js';

const USERS = 200;
/** Fewer where a machine is so busy that a login would not be answered in time. */
export const AT_ONCE = Number(process.env.BENCH_LOGINS ?? 32);
const SECONDS = 2;
const HASHES_AT_ONCE = Math.min(4, availableParallelism());

/** Whose hash it is, as it is shown. */
const HASHES = {
  argon2: () => rawHash('argon2', HASHES_AT_ONCE, SECONDS),
  '@node-rs/argon2': () => rawHash('@node-rs/argon2', HASHES_AT_ONCE, SECONDS),
  'scrypt of better-auth': () => rawPeerHash('raw-better-auth.mjs', HASHES_AT_ONCE, SECONDS),
} as const;
export type Hash = keyof typeof HASHES;

/** Logins with the right password. */
export interface Login {
  readonly contender: Contender;
  readonly hash: Hash;
  readonly perSecond: number;
  readonly rawPerSecond: number;
  /** Of the raw rate, round by round. */
  readonly ratio: number;
  readonly p50Milliseconds: number;
  /** With nobody else. */
  readonly aloneMilliseconds: number;
}

interface Started {
  readonly contender: Contender;
  readonly hash: Hash;
  readonly app: BenchApp;
  /** The cookie by which each user's browser is known; none at peers. */
  readonly browsers: readonly string[];
}

/** So many logins under way all the time, on all cores, each contender beside the bare hash that it uses in the same round. */
export async function measureLogins(bench: Bench, contenders: readonly Contender[]): Promise<Login[]> {
  const started: Started[] = [];
  for (const contender of contenders.filter(({ login }) => login !== null)) {
    for (const hash of hashesOf(contender)) started.push(await startFor(bench, contender, hash));
  }
  const rounds: { of: Started; raw: RawHash; perSecond: number; p50: number; alone: number }[] = [];
  for (let round = 1; round <= bench.rounds; round++) {
    const raw = new Map<Hash, RawHash>();
    for (const hash of new Set(started.map((one) => one.hash))) raw.set(hash, await HASHES[hash]());
    for (const one of started) {
      const [alone, many] = [await load(bench, one, 1), await load(bench, one, AT_ONCE)];
      const { perSecond, p50Milliseconds: p50 } = many;
      rounds.push({ of: one, raw: raw.get(one.hash)!, perSecond, p50, alone: alone.p50Milliseconds });
      bench.say(`  round ${round}  ${one.contender.name}, ${one.hash}: ${perSecond.toFixed(0)} logins/s`);
    }
  }
  await Promise.all(started.map(({ app }) => app.stop()));
  return started.map((one) => {
    const mine = rounds.filter(({ of }) => of === one);
    return {
      contender: one.contender,
      hash: one.hash,
      perSecond: median(mine.map(({ perSecond }) => perSecond)),
      rawPerSecond: median(mine.map(({ raw }) => raw.perSecond)),
      ratio: median(mine.map(({ perSecond, raw }) => perSecond / raw.perSecond)),
      p50Milliseconds: median(mine.map(({ p50 }) => p50)),
      aloneMilliseconds: median(mine.map(({ alone }) => alone)),
    };
  });
}

/** Ours with the package that comes with it, and with the faster one that it takes when that is installed. */
function hashesOf({ isOurs, name }: Contender): readonly Hash[] {
  if (isOurs) return ['argon2', '@node-rs/argon2'];
  return name.startsWith('better-auth') ? ['scrypt of better-auth'] : ['argon2'];
}

async function startFor(bench: Bench, contender: Contender, hash: Hash): Promise<Started> {
  const work: Work = { realHashes: true, onAllCores: true, hasher: hash === '@node-rs/argon2' ? 'node-rs' : 'argon2' };
  const app = await contender.start(bench, await placeFor(bench, contender), work);
  await app.order('addUsers', { from: 0, count: USERS, password: PASSWORD });
  const browsers: string[] = [];
  if (contender.isOurs) {
    const onAnswer = (answer: Buffer, at: number) => {
      browsers[at] = cookiesIn(answer).find((cookie) => cookie.includes('device='))!;
    };
    await bench.load(app, { ...planOf(contender), requests: USERS, connections: Math.min(8, AT_ONCE), onAnswer });
  }
  return { contender, hash, app, browsers };
}

function load(bench: Bench, { contender, app, browsers }: Started, connections: number) {
  const headers = browsers.map((cookie) => ({ cookie }));
  const known = headers.length > 0 ? { headers } : {};
  return bench.load(app, { ...planOf(contender), ...known, connections, seconds: SECONDS });
}

function planOf({ login }: Contender) {
  return { method: 'POST', path: login!(0).path, body: Array.from({ length: USERS }, (_, at) => credentials(at)) };
}
