import { median } from '../harness/median.js';
import { addUsers, logIn, type Ticket } from '../harness/tickets.js';
import type { Bench, BenchApp, Figure, Measurement, Place } from '../row.js';

const MEMBERS = 8;
const TOKENS = 2_001;
const ENDS = 400;
const SECONDS = 4;
/** Rounds of ends that are not counted: a process that has just started takes three times as long for each. */
const WARM_UP = 2;

interface Cost {
  readonly jose: number;
  readonly first: number;
  readonly again: number;
}

/** Other services that verify tickets: what a request costs them, and what they cost a logout. */
export const verify: Measurement = {
  name: 'verify',
  async measure(bench) {
    const app = await bench.startApp({ strategy: 'jwt', options: { authStrategies: ['jwt', 'api-key'] } });
    const { tokens, credential } = await preparedFor(app);
    const alone = await endsAt(bench, app);
    const environment = { SERVICE_URL: app.url, CREDENTIAL: credential, COUNT: String(MEMBERS) };
    const membersOn = (place: Place) => bench.startScript('harness/verifiers.mjs', environment, place);
    const members = await membersOn('server');
    const costs: Cost[] = [];
    // The first round warms up.
    for (let round = 0; round <= bench.rounds; round++) costs.push(await costOf(members, await tokens()));
    const together = await followedEndsAt(bench, app, members);
    const apart = await followedEndsAt(bench, app, await membersOn('load'));
    await app.stop();
    return [...costsOf(costs.slice(1)), acknowledged({ alone, together, apart })];
  },
};

function costsOf(costs: readonly Cost[]): Figure[] {
  const of = (name: keyof Cost) => median(costs.map((cost) => cost[name]));
  const ratio = (name: keyof Cost) => median(costs.map((cost) => cost[name] / cost.jose));
  const common = { unit: 'µs of CPU', of: '`jose` alone (`jwtVerify`, same keys)', target: { atMost: 1.2 } } as const;
  const note = `jose alone ${of('jose').toFixed(0)} µs`;
  return [
    { row: 'coatcheck/verify: a request with a known token', value: of('again'), ratio: ratio('again'), ...common },
    {
      row: 'coatcheck/verify: the first request of a token, which is looked up',
      value: of('first'),
      unit: 'µs of CPU',
      note,
    },
  ];
}

function acknowledged({ alone, together, apart }: Record<'alone' | 'together' | 'apart', readonly number[]>): Figure {
  const both = (of: readonly number[]) => `p50 ${share(of, 0.5).toFixed(1)}, p99 ${share(of, 0.99).toFixed(1)} ms`;
  return {
    row: `logout acknowledged by ${MEMBERS} other services, p99, postgres`,
    value: share(apart, 0.99),
    unit: 'ms',
    target: { atMost: 25 },
    note: `p50 ${share(apart, 0.5).toFixed(1)} ms; all eight on the load's core. On the server's: ${both(together)}; without them ${both(alone)}`,
  };
}

/** The ends of sessions while others follow, who are stopped then. */
async function followedEndsAt(bench: Bench, app: BenchApp, members: BenchApp): Promise<number[]> {
  const ends = await endsAt(bench, app);
  const following = await members.order<number>('following');
  if (following !== MEMBERS) throw new Error(`${following} of ${MEMBERS} follow`);
  await members.stop();
  return ends;
}

async function endsAt({ rounds }: Bench, app: BenchApp): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < WARM_UP + rounds; round++) {
    await app.order('plantSessions', ENDS);
    const ends = await app.order<number[]>('endSessions', {
      atOnce: 1,
      seconds: round < WARM_UP ? 3 * SECONDS : SECONDS,
    });
    if (round >= WARM_UP) all.push(...ends);
  }
  return all.sort((one, other) => one - other);
}

async function costOf(members: BenchApp, tokens: readonly string[]): Promise<Cost> {
  const [, payload] = tokens[0]!.split('.');
  const { iss, aud } = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { iss: string; aud: string };
  return members.order<Cost>('cost', { issuer: iss, audience: aud, tokens });
}

/** A key that may verify, and tokens of one session, new ones at each call. */
async function preparedFor(app: BenchApp) {
  await addUsers(app, 1);
  const credential = await app.order<string>('verifyKey');
  const { ticket } = await logIn(app, 0);
  const session = await meOf(app, ticket);
  const tokens = () =>
    app.order<string[]>(
      'mintAccessTokens',
      Array.from({ length: TOKENS }, () => session),
    );
  return { credential, tokens };
}

async function meOf(app: BenchApp, headers: Ticket): Promise<{ id: string; userId: string }> {
  const answer = await fetch(`${app.url}/auth/me`, { headers });
  const { user, session } = (await answer.json()) as { user: { id: string }; session: { id: string } };
  return { id: session.id, userId: user.id };
}

function share(sorted: readonly number[], of: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN;
}
