import { Secret, TOTP } from 'otpauth';
import { median } from '../harness/median.js';
import { addUsers, credentialsOf, logIn, PASSWORD, post } from '../harness/tickets.js';
import type { BenchApp, Figure, Measurement } from '../row.js';

const STEP_MILLISECONDS = 30_000;
/** Of each kind in a round: a code is good once. */
const USERS = 40;

interface Round {
  /** Medians, in milliseconds. */
  readonly password: number;
  readonly both: number;
  readonly holder: number;
  readonly nobody: number;
}

/** What a second factor adds to a login besides the hash, one at a time; and whether asking for passkeys tells who has some. */
export const secondFactors: Measurement = {
  name: 'second-factors',
  async measure(bench) {
    const app = await bench.startApp({ strategy: 'session' });
    // The first round warms up.
    const rounds: Round[] = [];
    for (let round = 0; round <= bench.rounds; round++) rounds.push(await roundOf(app, 3 * USERS * round));
    await app.stop();
    return figuresOf(rounds.slice(1));
  },
};

async function roundOf(app: BenchApp, from: number): Promise<Round> {
  await addUsers(app, 3 * USERS, from);
  const holders = Array.from({ length: USERS }, (_, i) => credentialsOf(from + 2 * USERS + i).email);
  await app.order('addPasskeys', holders);
  const took: Record<keyof Round, number[]> = { password: [], both: [], holder: [], nobody: [] };
  for (let i = 0; i < USERS; i++) {
    const nextCode = await setUpTotp(app, from + USERS + i);
    took.password.push(await timed(() => logIn(app, from + i)));
    took.both.push(await timed(() => logInWith(app, from + USERS + i, nextCode)));
    took.holder.push(await timed(() => askForPasskeys(app, holders[i]!)));
    took.nobody.push(await timed(() => askForPasskeys(app, `nobody-${from + i}@bench.example`)));
  }
  const { password, both, holder, nobody } = took;
  return { password: median(password), both: median(both), holder: median(holder), nobody: median(nobody) };
}

/** @returns the code of the step after the one it was confirmed by, which is accepted already */
async function setUpTotp(app: BenchApp, at: number): Promise<string> {
  const { ticket } = await logIn(app, at);
  const begun = await post(app, '/auth/factors/totp', { headers: ticket, body: { password: PASSWORD } });
  const totp = new TOTP({ secret: Secret.fromBase32(((await begun.json()) as { secret: string }).secret) });
  const now = Date.now();
  const body = { code: totp.generate({ timestamp: now }) };
  await (await post(app, '/auth/factors/totp/confirm', { headers: ticket, body })).text();
  return totp.generate({ timestamp: now + STEP_MILLISECONDS });
}

async function logInWith(app: BenchApp, at: number, code: string): Promise<void> {
  const begun = await post(app, '/auth/login', { body: credentialsOf(at) });
  const { loginToken } = (await begun.json()) as { loginToken: string };
  const headers = {
    cookie: begun.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; '),
  };
  await (await post(app, '/auth/login/factor', { headers, body: { loginToken, factor: 'totp', code } })).text();
}

async function askForPasskeys(app: BenchApp, email: string): Promise<void> {
  await (await post(app, '/auth/login/passkey/options', { body: { email } })).text();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function figuresOf(rounds: readonly Round[]): Figure[] {
  const over = (value: (round: Round) => number) => median(rounds.map(value));
  const password = over((round) => round.password).toFixed(1);
  const nobody = over((round) => round.nobody).toFixed(1);
  return [
    {
      row: 'what TOTP adds to a login, one at a time',
      value: over((round) => round.both - round.password),
      unit: 'ms',
      target: { atMost: 5 },
      note: `by password alone ${password} ms, without its hash`,
    },
    {
      row: 'options for a passkey: the address of who has one, against that of nobody',
      value: over(({ holder, nobody }) => Math.abs(holder - nobody)),
      unit: 'ms apart',
      target: { atMost: 2 },
      note: `${nobody} ms for nobody`,
    },
  ];
}
