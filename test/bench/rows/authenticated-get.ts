import { type Contestant, interleaved, type Rounds } from '../harness/interleaved.js';
import { ticketsOf } from '../harness/tickets.js';
import type { AppSettings, Bench, Figure, Measurement, Target } from '../row.js';

const USERS = 64;
const ON_FASTIFY: Target = { atLeast: 0.85, floor: 0.8 };
const ON_EXPRESS: Target = { atLeast: 0.9 };

/** A request that a node answers from its view, beside one to the same app's public route. */
export const authenticatedGet: Measurement = {
  name: 'get',
  async measure(bench) {
    const bare = await bench.startScript('harness/bare-server.mjs');
    const contestants: Contestant[] = [{ name: 'bare node:http', app: bare, plan: { path: '/', seconds: 1 } }];
    for (const settings of combinations(bench)) contestants.push(...(await pair(bench, settings)));
    const rounds = await interleaved(bench, contestants);
    for (const app of new Set(contestants.map((one) => one.app))) await app.stop();
    return [headroom(rounds), ...combinations(bench).flatMap((settings) => figures(rounds, settings))];
  },
};

function combinations({ hasRedis }: Bench): AppSettings[] {
  const strategies = ['session', 'jwt'] as const;
  const fastifyStores = ['postgres', ...(hasRedis ? (['redis'] as const) : []), 'memory'] as const;
  return [
    ...fastifyStores.flatMap((store) =>
      strategies.map((strategy) => ({ strategy, store, adapter: 'fastify' as const })),
    ),
    ...strategies.map((strategy) => ({ strategy, store: 'postgres' as const, adapter: 'express' as const })),
  ];
}

async function pair(bench: Bench, settings: AppSettings): Promise<Contestant[]> {
  const app = await bench.startApp(settings);
  const headers = await ticketsOf(app, USERS);
  const name = nameOf(settings);
  return [
    { name: `${name}, public`, app, plan: { path: '/open', headers, seconds: 1 } },
    { name, app, plan: { path: '/me', headers, seconds: 1 } },
  ];
}

function figures(rounds: Rounds, settings: AppSettings): Figure[] {
  const name = nameOf(settings);
  const cost = (of: string) => rounds.medianOf(of, 'cpuMicrosPerRequest');
  const above = (cost(name) - cost(`${name}, public`)).toFixed(1);
  return [
    {
      row: `authenticated GET: ${name}`,
      value: rounds.medianOf(name, 'perSecond'),
      unit: '/s',
      ratio: rounds.ratio(name, `${name}, public`),
      of: "the same app's public route",
      target: settings.adapter === 'express' ? ON_EXPRESS : ON_FASTIFY,
      note: `${cost(name).toFixed(1)} µs of CPU, ${above} above the public route (${rounds.cpuRatio(name, `${name}, public`).toFixed(2)})`,
    },
  ];
}

function headroom(rounds: Rounds): Figure {
  const note = `the server's core was ${Math.round(rounds.medianOf('bare node:http', 'serverBusy') * 100)} % busy`;
  const value = rounds.medianOf('bare node:http', 'perSecond');
  return { row: 'what the load can generate: bare node:http', value, unit: '/s', note };
}

function nameOf({ adapter, strategy, store }: AppSettings): string {
  return `${adapter === 'express' ? 'Express' : 'Fastify'}, ${strategy}, ${store}`;
}
