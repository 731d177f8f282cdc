import { type Contestant, interleaved, type Rounds } from '../harness/interleaved.js';
import {
  BETTER_AUTH,
  EXPRESS_SESSION_POSTGRES,
  EXPRESS_SESSION_REDIS,
  FASTIFY_SESSION,
  peerContestants,
  SESSION_PEERS,
} from '../harness/peers.js';
import { ticketsOf } from '../harness/tickets.js';
import type { AppSettings, Bench, Figure, Measurement, Target } from '../row.js';

const USERS = 64;
const BARE = 'bare node:http';
const ON_FASTIFY: Target = { atLeast: 0.85, floor: 0.8 };
const ON_EXPRESS: Target = { atLeast: 0.9 };

/** A request whose user must be known: answered from the view beside the same app's public route, by a look-up, by peers. */
export const authenticatedGet: Measurement = {
  name: 'get',
  async measure(bench) {
    const steady = [...steadyApps(bench), ...twoStrategies()];
    const lookups = lookupApps(bench);
    const bare = await bench.startScript('harness/bare-server.mjs');
    const contestants: Contestant[] = [{ name: BARE, app: bare, plan: { path: '/', seconds: 1, isSleepless: true } }];
    for (const settings of [...steady, ...lookups]) contestants.push(...(await routesOf(bench, settings)));
    contestants.push(...(await peerContestants(bench, SESSION_PEERS)));
    const rounds = await interleaved(bench, contestants);
    return [
      headroom(rounds),
      ...steady.map((settings) => besidePublicRoute(rounds, settings)),
      ...besidePeers(rounds, 'Fastify, session, postgres', BETTER_AUTH, { atLeast: 15 }),
      ...besidePeers(rounds, 'Fastify, session, redis', FASTIFY_SESSION, { atLeast: 2 }),
      ...besidePeers(rounds, 'Express, session, postgres, look-up', EXPRESS_SESSION_POSTGRES, { atLeast: 1 }),
      ...besidePeers(rounds, 'Express, session, redis, look-up', EXPRESS_SESSION_REDIS, { atLeast: 1 }),
      ...besidePeers(rounds, 'Fastify, session, postgres, look-up', EXPRESS_SESSION_POSTGRES, { atLeast: 1 }),
      ...besidePeers(rounds, 'Fastify, session, redis, look-up', EXPRESS_SESSION_REDIS, { atLeast: 1 }),
    ];
  },
};

function steadyApps({ hasRedis }: Bench): AppSettings[] {
  const strategies = ['session', 'jwt'] as const;
  const stores = ['postgres', ...(hasRedis ? (['redis'] as const) : []), 'memory'] as const;
  return [
    ...stores.flatMap((store) => strategies.map((strategy) => ({ strategy, store, adapter: 'fastify' as const }))),
    ...strategies.map((strategy) => ({ strategy, store: 'postgres' as const, adapter: 'express' as const })),
  ];
}

/** Both switched on, tickets of the first: a strategy that nobody uses must cost nothing. */
function twoStrategies(): AppSettings[] {
  return [
    { strategy: 'session', options: { authStrategies: ['session', 'jwt'] } },
    { strategy: 'jwt', options: { authStrategies: ['jwt', 'session'] } },
  ];
}

/** With no view at all, which is what a node without a lease has. */
function lookupApps({ hasRedis }: Bench): AppSettings[] {
  const stores = ['postgres', ...(hasRedis ? (['redis'] as const) : [])] as const;
  const adapters = ['fastify', 'express'] as const;
  return stores.flatMap((store) =>
    adapters.map((adapter) => ({ strategy: 'session' as const, store, adapter, lookup: true })),
  );
}

async function routesOf(bench: Bench, settings: AppSettings): Promise<Contestant[]> {
  const app = await bench.startApp(settings);
  const headers = await ticketsOf(app, USERS);
  const name = nameOf(settings);
  const authenticated = { name, app, plan: { path: '/me', headers, seconds: 1, isSleepless: !settings.lookup } };
  if (settings.lookup) return [authenticated];
  return [publicRoute(name, app, headers), authenticated];
}

/** With the same headers: to parse them is no part of knowing the user. */
function publicRoute(name: string, app: Contestant['app'], headers: Contestant['plan']['headers']): Contestant {
  return { name: `${name}, public`, app, plan: { path: '/open', headers, seconds: 1, isSleepless: true } };
}

function besidePublicRoute(rounds: Rounds, settings: AppSettings): Figure {
  const name = nameOf(settings);
  const cost = (of: string) => rounds.medianOf(of, 'cpuMicrosPerRequest');
  const above = (cost(name) - cost(`${name}, public`)).toFixed(1);
  const byCpu = rounds.cpuRatio(name, `${name}, public`).toFixed(2);
  return {
    row: `authenticated GET: ${name}`,
    value: rounds.medianOf(name, 'perSecond'),
    unit: '/s',
    ratio: rounds.ratio(name, `${name}, public`),
    of: "the same app's public route",
    target: settings.adapter === 'express' ? ON_EXPRESS : ON_FASTIFY,
    note: `${cost(name).toFixed(1)} µs of CPU, ${above} above the public route (ratio of CPU ${byCpu})`,
  };
}

/** None when our side could not run. */
function besidePeers(rounds: Rounds, ours: string, peer: typeof BETTER_AUTH, target: Target): Figure[] {
  if (!rounds.has(ours)) return [];
  const figure = { row: `authenticated GET: ${ours}`, value: rounds.medianOf(ours, 'perSecond'), unit: '/s', target };
  if (rounds.has(peer.name)) {
    const note = `${peer.name}: ${Math.round(rounds.medianOf(peer.name, 'perSecond'))} /s`;
    return [{ ...figure, ratio: rounds.ratio(ours, peer.name), of: peer.name, note }];
  }
  const ratio = rounds.ratio(ours, BARE) / peer.recordedShare;
  const note = 'peer NOT measured in this run: its recorded share of bare node:http is used';
  return [{ ...figure, ratio, of: peer.name, note }];
}

function headroom(rounds: Rounds): Figure {
  const note = `the server's core was ${Math.round(rounds.medianOf(BARE, 'serverBusy') * 100)} % busy`;
  return { row: `what the load can generate: ${BARE}`, value: rounds.medianOf(BARE, 'perSecond'), unit: '/s', note };
}

function nameOf({ adapter, strategy, store = 'postgres', lookup, options }: AppSettings): string {
  const [, other] = options?.authStrategies ?? [];
  const by = other ? `${strategy} beside ${other}` : strategy;
  return `${adapter === 'express' ? 'Express' : 'Fastify'}, ${by}, ${store}${lookup ? ', look-up' : ''}`;
}
