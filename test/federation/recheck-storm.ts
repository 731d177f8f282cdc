import { Connections } from '../../src/factors/federated/connections/connections.js';
import { CheckQueue } from '../../src/factors/federated/recheck/check-queue.js';
import { SealedTokens } from '../../src/factors/federated/recheck/sealed-tokens.js';
import { Upstreams } from '../../src/factors/federated/upstreams/upstreams.js';
import { type AuthTestApp, type FakeProvider, type ProviderFault, startFakeProvider } from '../../src/testing/index.js';
import { type LoginRow, type RestedSession, RestedSessions } from './rested-sessions.js';

const HOUR = 3_600;
const GRACE = 24 * HOUR;
/** With the jitter, and a second. */
const INTERVAL = HOUR * 1.1 + 1;
const FAULTS: readonly ProviderFault[] = ['lost', 'lost', 'cut', 'redirect', 'error_in_200', 'not_json', 500, 503, 429];
const FAULTY_REQUESTS = 0.25;
const REVOKED_EACH_ROUND = 0.05;

export interface StormParams {
  /** Of one service, with one clock. */
  readonly nodes: readonly AuthTestApp[];
  readonly sessions: number;
  /** An interval passes in each. Fewer than the grace has. */
  readonly rounds: number;
  /** Looks after whose question the process dies, each round. */
  readonly deaths: number;
}

/** What a storm has come to. */
export interface StormReport {
  readonly checks: number;
  readonly faults: number;
  readonly deaths: number;
  readonly revoked: number;
  /** Sessions that ended although their login stands there, and an answer may still come. */
  readonly wronglyEnded: string[];
  /** Sessions whose login was revoked, with every answer heard, and that went on past the interval. */
  readonly late: string[];
  /** Sessions whose login was revoked, and that were left at the end. */
  readonly left: number;
  /** Sessions whose login stands, by a provider that takes a token twice, and that had ended in the end. */
  readonly lost: number;
}

type Skies = readonly [Sky, ...Sky[]];

interface Sky {
  readonly on: RestedSessions;
  readonly provider: FakeProvider;
  readonly isLenient: boolean;
  readonly connectionId: string;
  readonly sessions: RestedSession[];
  readonly revoked: Set<RestedSession>;
}

/**
 * Re-checks with two providers, one that takes a token twice and one that does not, while answers get lost or are odd, processes die with what they
 * were told, and logins are revoked.
 */
export async function storm({ nodes, sessions, rounds, deaths }: StormParams): Promise<StormReport> {
  const [first] = nodes as [AuthTestApp];
  const skies: Skies = [await skyOf(first, true, sessions / 2), await skyOf(first, false, sessions / 2)];
  const weather = { checks: 0, faults: 0, deaths: 0 };
  const report = { wronglyEnded: [] as string[], late: [] as string[] };
  for (const { provider } of skies) makeStormy(provider, weather);
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const sky of skies) revokeSome(sky);
      first.clock.advance(INTERVAL);
      const before = await rowsOf(skies);
      for (let death = 0; death < deaths; death += 1) weather.deaths += await dieWithAnAnswer(skies);
      await lookEverywhere(nodes);
      for (const sky of skies) await judge(sky, round, before, await rowsOf(skies), report);
    }
    for (const { provider } of skies) provider.before = () => undefined;
    first.clock.advance(GRACE);
    await expireClaims(skies);
    await lookEverywhere(nodes);
    const [lenient] = skies;
    const live = await Promise.all(skies.map(({ on, revoked }) => on.outcomes([...revoked])));
    const stand = lenient.sessions.filter((session) => !lenient.revoked.has(session));
    return {
      ...weather,
      ...report,
      revoked: skies.reduce((sum, { revoked }) => sum + revoked.size, 0),
      left: live.flat().filter((status) => status !== 401).length,
      lost: (await lenient.on.outcomes(stand)).filter((status) => status !== 200).length,
    };
  } finally {
    for (const { provider } of skies) await provider.stop();
  }
}

async function skyOf(app: AuthTestApp, isLenient: boolean, count: number): Promise<Sky> {
  const provider = await startFakeProvider({
    clock: app.clock,
    reusedRefreshToken: isLenient ? 'allowed' : 'refused',
  });
  const on = new RestedSessions(app, provider);
  const connectionId = await on.connect();
  const sessions: RestedSession[] = [];
  // One after the other: the provider answers for the person who was chosen last.
  while (sessions.length < count) sessions.push(await on.logIn({ connectionId }));
  return { on, provider, isLenient, connectionId, sessions, revoked: new Set() };
}

function makeStormy(provider: FakeProvider, weather: { checks: number; faults: number }): void {
  provider.before = ({ endpoint }) => {
    if (endpoint !== 'token') return;
    weather.checks += 1;
    if (Math.random() >= FAULTY_REQUESTS) return;
    weather.faults += 1;
    provider.failNext('token', FAULTS[Math.floor(Math.random() * FAULTS.length)]!);
  };
}

function revokeSome({ provider, sessions, revoked }: Sky): void {
  for (const session of sessions) {
    if (revoked.has(session) || Math.random() >= REVOKED_EACH_ROUND) continue;
    provider.revoke({ person: session.person });
    revoked.add(session);
  }
}

/** A process asks, is told, and dies: what it was told is nowhere. @returns whether anything was due */
async function dieWithAnAnswer([{ on }]: Skies): Promise<number> {
  const claimed = await on.part(CheckQueue).claim([]);
  if (!claimed?.tokenSealed) return 0;
  const connection = (await on.part(Connections).find(claimed.connectionId))!;
  const upstream = await on.part(Upstreams).of(connection);
  await upstream.check(on.part(SealedTokens).unseal(claimed.tokenSealed, claimed.id)!);
  await on.database.query('UPDATE coatcheck.federated_logins SET claimed_until = now() WHERE id = $1', [claimed.id]);
  return 1;
}

async function expireClaims([{ on }]: Skies): Promise<void> {
  await on.database.query('UPDATE coatcheck.federated_logins SET claimed_until = NULL WHERE claimed_until IS NOT NULL');
}

/** All nodes at once. */
async function lookEverywhere(nodes: readonly AuthTestApp[]): Promise<void> {
  await Promise.all(nodes.map((node) => new RestedSessions(node, undefined as never).look()));
}

async function rowsOf([{ on }]: Skies): Promise<Map<string, LoginRow>> {
  const rows: LoginRow[] = await on.database.query('SELECT * FROM coatcheck.federated_logins');
  return new Map(rows.map((row) => [row.id, row]));
}

async function judge(
  { on, isLenient, sessions, revoked }: Sky,
  round: number,
  before: ReadonlyMap<string, LoginRow>,
  after: ReadonlyMap<string, LoginRow>,
  { wronglyEnded, late }: { wronglyEnded: string[]; late: string[] },
): Promise<void> {
  const looked = sessions.filter(({ loginId }) => before.has(loginId));
  const statuses = await on.outcomes(looked);
  for (const [i, session] of looked.entries()) {
    const { loginId } = session;
    const isLive = statuses[i] === 200;
    const [was, is] = [before.get(loginId)!, after.get(loginId)];
    const what = `round ${round}, ${isLenient ? 'lenient' : 'strict'}, lost ${was.was_lost}, ${JSON.stringify(is)}`;
    if (!isLive && !revoked.has(session)) wronglyEnded.push(what);
    // Where an answer is missing, before or in this round, the refusal may be about the token.
    if (isLive && revoked.has(session) && !was.was_lost && !is?.was_lost) late.push(what);
  }
}
