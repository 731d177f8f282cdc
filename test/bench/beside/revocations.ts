import { Agent, request } from 'node:http';
import type { Bench, BenchApp } from '../row.js';
import { type Contender, type Held, placeFor, type Sent } from './contender.js';

/** A round, and contender. */
const LOGOUTS = 100;
/** After it nobody asks on. */
const PATIENCE_MILLISECONDS = 1_000;
/** So many that outlast it are enough. */
const ENOUGH = 3;
/** As long as a store that has just been started makes revokers wait for leases it may have forgotten. */
const SETTLED_MILLISECONDS = 4_000;

/** From a logout until the other process refuses its ticket. */
export interface Ending {
  readonly contender: Contender;
  readonly count: number;
  /** How many were accepted elsewhere by a request that began after the logout had been answered. */
  readonly acceptedAfterwards: number;
  /** Of the answer. */
  readonly answeredP50: number;
  readonly answeredP99: number;
  /** Until the other process has refused it; Infinity: not within a second. */
  readonly refusedP99: number;
}

interface Started {
  readonly contender: Contender;
  readonly apps: readonly [BenchApp, BenchApp];
  held: Held[];
}

/** Two processes of each on one store. A client is known at both, logs out at the one, and goes on asking the other. */
export async function measureEndings(bench: Bench, contenders: readonly Contender[]): Promise<Ending[]> {
  const started: Started[] = [];
  for (const contender of contenders.filter(({ logout }) => logout !== null)) {
    const place = await placeFor(bench, contender);
    const apps = [await contender.start(bench, place, {}), await contender.start(bench, place, {})] as const;
    started.push({ contender, apps, held: await contender.held(apps[0], bench.rounds * LOGOUTS) });
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MILLISECONDS));
  const seen = new Map<Started, One[]>(started.map((one) => [one, []]));
  for (let round = 1; round <= bench.rounds; round++) {
    for (const one of started) {
      await endSome(one, seen.get(one)!);
      bench.say(`  round ${round}  ${one.contender.name}: ${seen.get(one)!.length} logouts`);
    }
  }
  await Promise.all(started.flatMap(({ apps }) => apps.map((app) => app.stop())));
  return [...seen].map(([{ contender }, all]) => endingOf(contender, all));
}

interface One {
  readonly answered: number;
  readonly refused: number;
  readonly wasAccepted: boolean;
}

async function endSome({ contender, apps: [here, there], held }: Started, seen: One[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  for (const one of held.splice(0, LOGOUTS)) {
    if (seen.filter(({ refused }) => refused === Number.POSITIVE_INFINITY).length >= ENOUGH) break;
    const me: Sent = { path: '/me', headers: one.ticket };
    for (const app of [here, there]) await expectStatus(await ask(agent, app, 'GET', me), [200], contender);
    const start = performance.now();
    await expectStatus(await ask(agent, here, 'POST', contender.logout!(one)), [200, 204], contender);
    const answered = performance.now() - start;
    let [status, asked] = [await ask(agent, there, 'GET', me), 1];
    while (status === 200 && performance.now() - start < PATIENCE_MILLISECONDS) {
      status = await ask(agent, there, 'GET', me);
      asked += 1;
    }
    await expectStatus(status, [200, 401], contender);
    const refused = status === 401 ? performance.now() - start : Number.POSITIVE_INFINITY;
    seen.push({ answered, refused, wasAccepted: asked > 1 || status === 200 });
  }
  agent.destroy();
}

function endingOf(contender: Contender, all: readonly One[]): Ending {
  const answered = all.map((one) => one.answered).sort((one, other) => one - other);
  const refused = all.map((one) => one.refused).sort((one, other) => one - other);
  const at = (sorted: readonly number[], share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return {
    contender,
    count: all.length,
    acceptedAfterwards: all.filter(({ wasAccepted }) => wasAccepted).length,
    answeredP50: at(answered, 0.5),
    answeredP99: at(answered, 0.99),
    refusedP99: at(refused, 0.99),
  };
}

function expectStatus(status: number, expected: readonly number[], { name }: Contender): void {
  if (!expected.includes(status)) throw new Error(`${name} answered ${status}, not ${expected.join(' or ')}`);
}

function ask(agent: Agent, { url }: BenchApp, method: string, { path, headers, body }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { agent, method, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode!));
    });
    sent.once('error', reject).end(body);
  });
}
