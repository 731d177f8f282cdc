import { type Contestant, interleaved, type Rounds } from '../harness/interleaved.js';
import { BETTER_AUTH_KEYS, peerContestants } from '../harness/peers.js';
import { logIn, post, type Ticket, ticketsOf } from '../harness/tickets.js';
import type { AppSettings, Bench, BenchApp, Figure, Measurement } from '../row.js';

const USERS = 64;

/** A machine's request: its key is judged from the view, beside the same app's public route and a person's cookie. */
export const apiKeyGet: Measurement = {
  name: 'keys',
  async measure(bench) {
    const stores = storesOf(bench);
    const contestants: Contestant[] = [];
    for (const store of stores) contestants.push(...(await routesOf(bench, store)));
    if (bench.hasKeysOfPeer) contestants.push(...(await peerContestants(bench, [BETTER_AUTH_KEYS])));
    const rounds = await interleaved(bench, contestants);
    return [
      ...stores.flatMap((store) => (['key', 'cookie'] as const).map((by) => besidePublicRoute(rounds, store, by))),
      ...besidePeer(rounds),
    ];
  },
};

type Store = NonNullable<AppSettings['store']>;

function storesOf({ hasRedis }: Bench): Store[] {
  return ['postgres', ...(hasRedis ? (['redis'] as const) : []), 'memory'];
}

async function routesOf(bench: Bench, store: Store): Promise<Contestant[]> {
  const options = { authStrategies: ['session', 'api-key'] };
  const app = await bench.startApp({ strategy: 'session', store, options });
  const cookies = await ticketsOf(app, USERS);
  const headers = await keysOf(app);
  const route = (name: string, path: string, sent: readonly Ticket[]) => ({
    name: `${name}, ${store}`,
    app,
    plan: { path, headers: sent, seconds: 1, isSleepless: true },
  });
  return [
    route('public', '/open', headers),
    route('key', '/me', headers),
    // The same headers as long: to parse them is no part of knowing the user.
    route('public with a cookie', '/open', cookies),
    route('cookie', '/me', cookies),
  ];
}

async function keysOf(app: BenchApp): Promise<Ticket[]> {
  const keys: Ticket[] = [];
  for (let at = 0; at < USERS; at++) {
    const { ticket } = await logIn(app, at);
    const body = { name: 'bench', scopes: ['orders:read'] };
    const answer = await post(app, '/auth/api-keys', { headers: ticket, body });
    const { apiKey } = (await answer.json()) as { apiKey: string };
    keys.push({ authorization: `Bearer ${apiKey}` });
  }
  return keys;
}

/** By key, and by a person's cookie in the same app. */
function besidePublicRoute(rounds: Rounds, store: Store, by: 'key' | 'cookie'): Figure {
  const open = by === 'key' ? 'public' : 'public with a cookie';
  const cost = (of: string) => rounds.medianOf(`${of}, ${store}`, 'cpuMicrosPerRequest');
  const above = (cost(by) - cost(open)).toFixed(1);
  const byCpu = rounds.cpuRatio(`${by}, ${store}`, `${open}, ${store}`).toFixed(2);
  return {
    row: `authenticated GET: Fastify, ${by === 'key' ? 'api-key beside session' : 'session beside api-key'}, ${store}`,
    value: rounds.medianOf(`${by}, ${store}`, 'perSecond'),
    unit: '/s',
    ratio: rounds.ratio(`${by}, ${store}`, `${open}, ${store}`),
    of: "the same app's public route",
    target: { atLeast: 0.85, floor: 0.8 },
    note: `${cost(by).toFixed(1)} µs of CPU, ${above} above the public route (ratio of CPU ${byCpu})`,
  };
}

/** None when the peer is not installed. */
function besidePeer(rounds: Rounds): Figure[] {
  const { name } = BETTER_AUTH_KEYS;
  if (!rounds.has(name)) return [];
  return [
    {
      row: 'authenticated GET: Fastify, api-key, postgres',
      value: rounds.medianOf('key, postgres', 'perSecond'),
      unit: '/s',
      ratio: rounds.ratio('key, postgres', name),
      of: name,
      note: `${name}: ${Math.round(rounds.medianOf(name, 'perSecond'))} /s`,
    },
  ];
}
