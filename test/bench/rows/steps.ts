import { median } from '../harness/median.js';
import { addUsers, type LoggedIn, logIn, post } from '../harness/tickets.js';
import type { Bench, BenchApp, Figure, Measurement } from '../row.js';

const USERS = 300;
const AT_ONCE = 32;
/** Until then much of what runs has not been compiled. */
const WARM_UP_ROUNDS = 10;
/** Of one login, besides the hash: what is left is what ends an older login, notifies, or renews. */
const MOST_STATEMENTS = { session: 4, jwt: 5 } as const;
const TARGETS = { login: 500, rotation: 350, logout: 250 } as const;

interface Cost {
  readonly cpuMicros: number;
  readonly statements: number;
}

/** Login (from a known browser), rotation and logout besides the hash: CPU of the server and statements a step, 32 at a time. */
export const steps: Measurement = {
  name: 'steps',
  async measure(bench) {
    return [...(await stepsOf(bench, 'session')), ...(await stepsOf(bench, 'jwt'))];
  },
};

async function stepsOf(bench: Bench, strategy: 'session' | 'jwt'): Promise<Figure[]> {
  const app = await bench.startApp({ strategy });
  await addUsers(app, USERS);
  const costs: Record<'login' | 'rotation' | 'logout', Cost[]> = { login: [], rotation: [], logout: [] };
  const held: LoggedIn[] = [];
  const devices: (string | null)[] = [];
  const logInOne = async (at: number) => {
    held[at] = await logIn(app, at, devices[at]);
    devices[at] ??= held[at].device;
  };
  for (let round = 0; round < WARM_UP_ROUNDS + bench.rounds; round++) {
    costs.login.push(await each(app, logInOne));
    if (strategy === 'jwt') costs.rotation.push(await each(app, (at) => refresh(app, held[at]!)));
    costs.logout.push(await each(app, (at) => logOut(app, held[at]!)));
  }
  const statements = await statementsOf(app, logInOne);
  await app.stop();
  const row = `statements of a login, ${strategy}`;
  return [
    { row, value: statements, unit: 'statements', target: { atMost: MOST_STATEMENTS[strategy] } },
    ...(['login', 'rotation', 'logout'] as const)
      .filter((step) => costs[step].length > 0)
      .map((step) =>
        figureOf(`${step}, ${strategy}, besides the hash`, costs[step].slice(WARM_UP_ROUNDS), TARGETS[step]),
      ),
  ];
}

/** The fewest of some, one at a time: now and then the heartbeat or the cleanup asks too. */
async function statementsOf(app: BenchApp, step: (at: number) => Promise<void>): Promise<number> {
  const counts: number[] = [];
  for (let at = 0; at < 10; at++) {
    const before = await app.statements();
    await step(at);
    counts.push((await app.statements()) - before);
  }
  return Math.min(...counts);
}

/** Once for each user. */
async function each(app: BenchApp, step: (at: number) => Promise<void>): Promise<Cost> {
  const [cpu, statements] = [await app.cpuMicros(), await app.statements()];
  let next = 0;
  const worker = async () => {
    while (next < USERS) await step(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const [cpuAfter, statementsAfter] = [await app.cpuMicros(), await app.statements()];
  return { cpuMicros: (cpuAfter - cpu) / USERS, statements: (statementsAfter - statements) / USERS };
}

async function refresh(app: BenchApp, held: LoggedIn): Promise<void> {
  const answer = await post(app, '/auth/refresh', { headers: { cookie: held.refresh! } });
  await answer.text();
  held.refresh = answer.headers.getSetCookie()[0]!.split(';', 1)[0]!;
}

async function logOut(app: BenchApp, { ticket, refresh }: LoggedIn): Promise<void> {
  await post(app, '/auth/logout', { headers: refresh ? { ...ticket, cookie: refresh } : ticket });
}

function figureOf(row: string, costs: readonly Cost[], atMost: number): Figure {
  const statements = median(costs.map((cost) => cost.statements)).toFixed(2);
  const value = median(costs.map(({ cpuMicros }) => cpuMicros));
  return {
    row,
    value,
    unit: 'µs of CPU',
    target: { atMost },
    note: `${statements} statements each, heartbeat included`,
  };
}
