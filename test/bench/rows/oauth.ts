import { createHash, randomBytes } from 'node:crypto';
import { type Contestant, interleaved, type Rounds } from '../harness/interleaved.js';
import { median } from '../harness/median.js';
import { addUsers, logIn, type Ticket } from '../harness/tickets.js';
import type { Bench, BenchApp, Figure, LoadPlan, Measurement } from '../row.js';

const USERS = 64;
/** Each is good once. */
const CODES = 200;
const AT_ONCE = 16;
const RESOURCE = 'https://bench.example';
const REDIRECT_URI = 'https://shop.example/back';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Client {
  readonly id: string;
  readonly secret: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** Requests with the token of a client, and the provider beside the library alone, which keeps everything in its own memory. */
export const oauth: Measurement = {
  name: 'oauth',
  async measure(bench) {
    const options = { authStrategies: ['session', 'oauth'], pages: 'on' as const, oauthAccessTokenSeconds: 86_400 };
    const app = await bench.startApp({ strategy: 'session', options });
    const alone = await bench.startScript('harness/bare-provider.mjs');
    const ours = await Ours.of(app);
    const theirs = await alone.order<Client>('client');
    const rounds = await interleaved(bench, [
      ...(await ours.contestants()),
      ...(await aloneContestants(alone, theirs)),
    ]);
    const steps = await stepsOf(bench, ours, { app: alone, client: theirs });
    await Promise.all([app.stop(), alone.stop()]);
    return [...figuresOf(rounds), ...steps];
  },
};

/** Our application, its clients, and users who are logged in. */
class Ours {
  private constructor(
    readonly app: BenchApp,
    readonly shop: Client,
    readonly machine: Client,
    private readonly cookies: readonly Ticket[],
  ) {}

  static async of(app: BenchApp): Promise<Ours> {
    const { shop, machine } = await app.order<{ shop: Client; machine: Client }>('addClients');
    await addUsers(app, USERS);
    const logins = [];
    for (let at = 0; at < USERS; at++) logins.push(await logIn(app, at));
    return new Ours(
      app,
      shop,
      machine,
      logins.map(({ ticket }) => ticket),
    );
  }

  async contestants(): Promise<Contestant[]> {
    const { app, machine } = this;
    const jwts: string[] = [];
    for (let at = 0; at < USERS; at++) jwts.push((await this.tokens(at, { resource: RESOURCE })).access_token);
    const { access_token: opaque } = await this.tokens(0, {});
    const bearers = jwts.map((token) => ({ authorization: `Bearer ${token}` }));
    const ofMachine = { grant_type: 'client_credentials', scope: 'orders:read', resource: RESOURCE };
    return [
      route(app, 'public', { path: '/open', headers: bearers, isSleepless: true }),
      route(app, 'api', { path: '/me', headers: bearers, isSleepless: true }),
      route(app, 'client credentials', token(machine, ofMachine)),
      route(app, 'introspection of a JWT', introspection(this.shop, jwts[0]!)),
      route(app, 'introspection of an opaque token', introspection(this.shop, opaque)),
    ];
  }

  /** As a browser in which a user is logged in does. */
  async code(at: number, more: object): Promise<{ code: string; verifier: string }> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: this.shop.id,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid orders:read',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    const headers = this.cookies[at % USERS]!;
    const answer = await fetch(`${this.app.url}/oauth/authorize?${query}`, { headers, redirect: 'manual' });
    const code = new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('code');
    if (code === null) throw new Error(`no code: ${answer.status} ${await answer.text()}`);
    return { code, verifier };
  }

  async tokens(at: number, more: object): Promise<Tokens> {
    const { code, verifier } = await this.code(at, more);
    return exchange(this.app, this.shop, { code, code_verifier: verifier });
  }
}

async function aloneContestants(app: BenchApp, client: Client): Promise<Contestant[]> {
  const ofClient = { grant_type: 'client_credentials', scope: 'orders:read', resource: RESOURCE };
  return [
    route(app, 'alone: client credentials', { ...token(client, ofClient), path: '/token' }),
    route(app, 'alone: introspection', {
      ...introspection(client, await app.order<string>('opaque')),
      path: '/token/introspection',
    }),
  ];
}

function route(app: BenchApp, name: string, plan: LoadPlan): Contestant {
  return { name, app, plan: { seconds: 1, ...plan } };
}

function token(client: Client, fields: Record<string, string>): LoadPlan {
  return { method: 'POST', path: '/oauth/token', ...form(client, fields) };
}

function introspection(client: Client, of: string): LoadPlan {
  return { method: 'POST', path: '/oauth/introspect', ...form(client, { token: of }) };
}

function form({ id, secret }: Client, fields: Record<string, string>) {
  const authorization = `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  return { headers: [{ ...FORM, authorization }], body: new URLSearchParams(fields).toString() };
}

async function send(app: BenchApp, client: Client, path: string, fields: Record<string, string>): Promise<Tokens> {
  const { headers, body } = form(client, fields);
  const answer = await fetch(app.url + path, { method: 'POST', headers: headers[0]!, body });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Tokens;
}

function exchange(app: BenchApp, client: Client, fields: Record<string, string>, path = '/oauth/token') {
  return send(app, client, path, { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, ...fields });
}

/** What is good once: exchanged, then refreshed, as many at a time as go; CPU and statements each. */
async function stepsOf(bench: Bench, ours: Ours, alone: { app: BenchApp; client: Client }): Promise<Figure[]> {
  const costs = {
    exchange: [] as Cost[],
    refresh: [] as Cost[],
    aloneExchange: [] as number[],
    aloneRefresh: [] as number[],
  };
  for (let round = 0; round < bench.rounds; round++) {
    const codes: { code: string; verifier: string }[] = [];
    for (let at = 0; at < CODES; at++) codes.push(await ours.code(at, { resource: RESOURCE }));
    const tokens: Tokens[] = [];
    const first = await each(ours.app, async (at) => {
      const { code, verifier } = codes[at]!;
      tokens[at] = await exchange(ours.app, ours.shop, { code, code_verifier: verifier });
    });
    costs.exchange.push(first);
    costs.refresh.push(await each(ours.app, (at) => refresh(ours.app, ours.shop, '/oauth/token', tokens[at]!)));
    const others = await alone.app.order<string[]>('codes', CODES);
    const theirs: Tokens[] = [];
    const exchanged = await cpuOf(alone.app, async (at) => {
      theirs[at] = await exchange(alone.app, alone.client, { code: others[at]! }, '/token');
    });
    costs.aloneExchange.push(exchanged);
    costs.aloneRefresh.push(await cpuOf(alone.app, (at) => refresh(alone.app, alone.client, '/token', theirs[at]!)));
  }
  return [
    stepFigure('code exchange: access, refresh and ID token', costs.exchange, costs.aloneExchange),
    stepFigure('refresh of a client', costs.refresh, costs.aloneRefresh),
  ];
}

interface Cost {
  readonly cpu: number;
  readonly statements: number;
}

async function refresh(app: BenchApp, client: Client, path: string, { refresh_token }: Tokens): Promise<void> {
  await send(app, client, path, { grant_type: 'refresh_token', refresh_token });
}

async function each(app: BenchApp, step: (at: number) => Promise<unknown>): Promise<Cost> {
  const before = await app.statements();
  const cpu = await cpuOf(app, step);
  return { cpu, statements: ((await app.statements()) - before) / CODES };
}

async function cpuOf(app: BenchApp, step: (at: number) => Promise<unknown>): Promise<number> {
  const before = await app.cpuMicros();
  let next = 0;
  const worker = async () => {
    while (next < CODES) await step(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return ((await app.cpuMicros()) - before) / CODES;
}

function stepFigure(row: string, costs: readonly Cost[], alone: readonly number[]): Figure {
  const value = median(costs.map(({ cpu }) => cpu));
  const statements = median(costs.map((cost) => cost.statements));
  return {
    row,
    value: statements,
    unit: 'statements',
    // The heartbeat asks too, now and then.
    target: { atMost: 3.1, floor: 4 },
    note: `heartbeat included; ${value.toFixed(0)} µs of CPU, the library alone in memory ${median(alone).toFixed(0)}`,
  };
}

function figuresOf(rounds: Rounds): Figure[] {
  const cpu = (name: string) => rounds.medianOf(name, 'cpuMicrosPerRequest');
  const beside = (row: string, name: string, of: string, atMost: number, what: string): Figure => ({
    row,
    value: cpu(name),
    unit: 'µs of CPU',
    ratio: 1 / rounds.cpuRatio(name, of),
    of: what,
    target: { atMost },
    note: `${Math.round(rounds.medianOf(name, 'perSecond'))} /s`,
  });
  const library = 'the library alone, in memory';
  return [
    beside('GET with an access token of a client, postgres', 'api', 'public', 1.3, "the same app's public route"),
    beside('client credentials', 'client credentials', 'alone: client credentials', 1.3, library),
    beside(
      'introspection of a JWT',
      'introspection of a JWT',
      'introspection of an opaque token',
      0.7,
      'the same of an opaque one',
    ),
    beside(
      'introspection of an opaque token',
      'introspection of an opaque token',
      'alone: introspection',
      1.5,
      library,
    ),
  ];
}
