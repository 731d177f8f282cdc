import { addUsers, logIn } from '../harness/tickets.js';
import type { AppSettings, Bench, BenchApp } from '../row.js';
import { type Contender, cookiesIn, credentials, fieldIn, type Held, type Place, type Work } from './contender.js';

/** Coatcheck: by cookie and by token, on each store, on both adapters. */
export const ours: readonly Contender[] = [
  coatcheck('session', 'fastify', 'postgres'),
  coatcheck('session', 'fastify', 'redis'),
  coatcheck('session', 'express', 'postgres'),
  coatcheck('jwt', 'fastify', 'postgres'),
  coatcheck('jwt', 'fastify', 'redis'),
];

function coatcheck(
  strategy: 'session' | 'jwt',
  adapter: 'fastify' | 'express',
  store: 'postgres' | 'redis',
): Contender {
  return {
    name: `Coatcheck, ${strategy}, ${adapter === 'fastify' ? 'Fastify' : 'Express'}, ${store}`,
    isOurs: true,
    packages: [],
    store,
    start: (bench, place, work) => start(bench, { strategy, adapter, store }, place, work),
    held: heldBy,
    login: (at) => ({ path: '/auth/login', headers: {}, body: credentials(at) }),
    renewal: strategy === 'jwt' ? ({ refresh }) => ({ path: '/auth/refresh', headers: { cookie: refresh! } }) : null,
    renewed: (held, answer) => ({
      ticket: { authorization: `Bearer ${fieldIn(answer, 'accessToken') ?? ''}` },
      refresh: cookiesIn(answer).find((cookie) => cookie.includes('refresh=')) ?? held.refresh,
    }),
    logout: ({ ticket, refresh }) => ({
      path: '/auth/logout',
      headers: refresh ? { ...ticket, cookie: refresh } : ticket,
    }),
  };
}

function start(bench: Bench, settings: AppSettings, { database, redis }: Place, work: Work): Promise<BenchApp> {
  const { realHashes = false, onAllCores = false, hasher = 'argon2', more } = work;
  const options = { ...(redis && { redisUrl: redis }), ...(realHashes && { passwordHasher: hasher }) };
  return bench.startApp({ ...settings, databaseUrl: database, realHashes, onAllCores, options, ...more });
}

async function heldBy(app: BenchApp, count: number): Promise<Held[]> {
  await addUsers(app, count);
  const all: Held[] = [];
  for (let at = 0; at < count; at++) {
    const { ticket, refresh } = await logIn(app, at);
    all.push({ ticket, ...(refresh && { refresh }) });
  }
  return all;
}
