import { availableParallelism } from 'node:os';
import { median } from '../harness/median.js';
import {
  type Browser,
  browsersOf,
  hashingApp,
  logins,
  Probe,
  type Probed,
  type RawHash,
  rawHash,
} from '../harness/storm.js';
import type { Bench, BenchApp, Figure, Measurement } from '../row.js';

const LOGINS = 32;
/** So that none of them has a hundred sessions before the end. */
const USERS = 200;
/** Whose tickets the probe sends. */
const PROBING = 16;
const PROBES_PER_SECOND = 200;
const SECONDS = 4;
const CORES = availableParallelism();
/** As many as the service hashes at once. */
const AT_ONCE = Math.min(4, CORES);
const PACKAGE = { argon2: 'argon2', 'node-rs': '@node-rs/argon2' } as const;

type Hasher = keyof typeof PACKAGE;

interface Round {
  /** As many at once as the service hashes. */
  readonly raw: RawHash;
  readonly rawAlone: RawHash;
  readonly loginMilliseconds: number;
  readonly loginsPerSecond: number;
  readonly quiet: Probed;
  readonly storm: Probed;
  readonly calmRate: number;
  readonly stormRate: number;
  /** Cores that hashing took while the rate was measured. */
  readonly coresTaken: number;
}

/** Logins that hash for real: how many there are, and what everyone else feels of them. On all cores. */
export const hashing: Measurement = {
  name: 'hashing',
  async measure(bench) {
    const prebuilt = await roundsOf(bench, 'argon2');
    const rust = await roundsOf(bench, 'node-rs');
    return [
      ...(await hashFigures(bench, prebuilt, rust)),
      ...figuresOf('argon2', prebuilt),
      ...figuresOf('node-rs', rust),
      await chosenByItself(bench),
    ];
  },
};

async function roundsOf(bench: Bench, passwordHasher: Hasher): Promise<Round[]> {
  const app = await hashingApp(bench, { passwordHasher });
  const browsers = await browsersOf(app, USERS);
  const rounds: Round[] = [];
  for (let round = 1; round <= bench.rounds; round++) {
    rounds.push(await measureRound(bench, app, browsers, PACKAGE[passwordHasher]));
    const { raw, loginsPerSecond, quiet, storm } = rounds.at(-1)!;
    const p99 = `p99 ${quiet.p99Milliseconds.toFixed(2)} -> ${storm.p99Milliseconds.toFixed(2)} ms`;
    const rates = `${loginsPerSecond.toFixed(0)} logins/s of ${raw.perSecond.toFixed(0)} hashes/s`;
    bench.say(`  round ${round}  ${passwordHasher}: ${rates}, ${p99}`);
  }
  await app.stop();
  return rounds;
}

async function measureRound(
  bench: Bench,
  app: BenchApp,
  browsers: readonly Browser[],
  packageName: string,
): Promise<Round> {
  const tickets = browsers.slice(0, PROBING).map(({ ticket }) => ticket);
  const rawAlone = await rawHash(packageName, 1);
  const alone = await logins(bench, app, browsers, 1, 2);
  const probe = await Probe.open(app, PROBES_PER_SECOND, tickets);
  const quiet = await probe.run(SECONDS);
  const raw = await rawHash(packageName, AT_ONCE);
  // It begins before the probe and ends after it.
  const storming = logins(bench, app, browsers, LOGINS, SECONDS + 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const storm = await probe.run(SECONDS);
  const { perSecond: loginsPerSecond } = await storming;
  probe.close();
  const gets = { path: '/me', headers: tickets, seconds: 2 };
  const { perSecond: calmRate } = await bench.load(app, gets);
  const [{ perSecond: stormRate }, during] = await Promise.all([
    bench.load(app, gets),
    logins(bench, app, browsers, LOGINS, 2),
  ]);
  const coresTaken = (during.perSecond * rawAlone.milliseconds) / 1000;
  const loginMilliseconds = alone.p50Milliseconds;
  return { raw, rawAlone, loginMilliseconds, loginsPerSecond, quiet, storm, calmRate, stormRate, coresTaken };
}

function figuresOf(name: Hasher, rounds: readonly Round[]): Figure[] {
  const over = (value: (round: Round) => number) => median(rounds.map(value));
  const taken = over(({ coresTaken }) => coresTaken);
  const quiet = over((round) => round.quiet.p99Milliseconds).toFixed(2);
  return [
    {
      row: `logins, ${LOGINS} at once, ${name}`,
      value: over((round) => round.loginsPerSecond),
      unit: '/s',
      ratio: over((round) => round.loginsPerSecond / round.raw.perSecond),
      of: `its hash rate, ${AT_ONCE} at once`,
      target: { atLeast: 0.85 },
    },
    {
      row: `login, one at a time, ${name}`,
      value: over((round) => round.loginMilliseconds),
      unit: 'ms',
      ratio: over((round) => round.loginMilliseconds / round.rawAlone.milliseconds),
      of: 'one hash',
      target: { atMost: 1.15 },
    },
    {
      row: `p99 of an authenticated GET during ${LOGINS} logins, ${name}`,
      value: over((round) => round.storm.p99Milliseconds),
      unit: 'ms',
      ratio: over((round) => round.storm.p99Milliseconds / round.quiet.p99Milliseconds),
      of: 'its quiet p99',
      target: { atMost: 3 },
      note: `${PROBES_PER_SECOND}/s, open loop; quiet ${quiet} ms`,
    },
    {
      row: `authenticated GETs during ${LOGINS} logins, ${name}`,
      value: over((round) => round.stormRate),
      unit: '/s',
      ratio: over((round) => round.stormRate / round.calmRate),
      of: 'their quiet rate',
      target: { atLeast: Math.max(0, 1 - taken / CORES) },
      note: `hashing took ${taken.toFixed(2)} of ${CORES} cores`,
    },
  ];
}

/** `PASSWORD_HASHER=auto` against the faster of what is installed here. */
async function chosenByItself(bench: Bench): Promise<Figure> {
  const app = await hashingApp(bench, {});
  const browsers = await browsersOf(app, 32);
  const rounds: { milliseconds: number; ratio: number }[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const { milliseconds: fastest } = await rawHash(PACKAGE['node-rs'], 1);
    const { p50Milliseconds: milliseconds } = await logins(bench, app, browsers, 1, 2);
    rounds.push({ milliseconds, ratio: milliseconds / fastest });
  }
  await app.stop();
  return {
    row: 'login, one at a time, PASSWORD_HASHER=auto',
    value: median(rounds.map(({ milliseconds }) => milliseconds)),
    unit: 'ms',
    ratio: median(rounds.map(({ ratio }) => ratio)),
    of: 'one hash of @node-rs/argon2',
    target: { atMost: 1.15 },
  };
}

/** What one hash takes, by who computes it. `BENCH_ARGON2_NATIVE`: the path of an `argon2` compiled for this machine. */
async function hashFigures(bench: Bench, prebuilt: readonly Round[], rust: readonly Round[]): Promise<Figure[]> {
  const millisecondsOf = (rounds: readonly Round[]) => median(rounds.map(({ rawAlone }) => rawAlone.milliseconds));
  const first = millisecondsOf(prebuilt);
  const figure = (row: string, value: number): Figure => {
    return { row, value, unit: 'ms', ratio: value / first, of: 'argon2, prebuilt' };
  };
  const path = process.env.BENCH_ARGON2_NATIVE;
  const compiled: RawHash[] = [];
  for (let round = 0; path && round < bench.rounds; round++) compiled.push(await rawHash(path, 1));
  const row = 'one hash, argon2 compiled for this machine';
  return [
    { row: 'one hash, argon2, prebuilt', value: first, unit: 'ms' },
    path
      ? figure(row, median(compiled.map(({ milliseconds }) => milliseconds)))
      : { row, value: null, unit: 'ms', note: 'set BENCH_ARGON2_NATIVE to its path' },
    figure('one hash, @node-rs/argon2', millisecondsOf(rust)),
  ];
}
