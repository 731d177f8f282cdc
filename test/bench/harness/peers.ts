import type { Bench } from '../row.js';
import type { Contestant } from './interleaved.js';

const USERS = 64;

/** A peer's rate as a share of bare `node:http` in the same run, for when it is not installed. Taken on 2026-11-21. */
interface Peer {
  readonly name: string;
  readonly script: string;
  readonly store: 'postgres' | 'redis';
  readonly recordedShare: number;
}

export const BETTER_AUTH: Peer = {
  name: 'better-auth, postgres',
  script: 'better-auth',
  store: 'postgres',
  recordedShare: 0.0327,
};
export const FASTIFY_SESSION: Peer = {
  name: '@fastify/session, redis',
  script: 'fastify-session',
  store: 'redis',
  recordedShare: 0.2512,
};
export const EXPRESS_SESSION_POSTGRES: Peer = {
  name: 'express-session, postgres',
  script: 'express-session',
  store: 'postgres',
  recordedShare: 0.0506,
};
export const EXPRESS_SESSION_REDIS: Peer = {
  name: 'express-session, redis',
  script: 'express-session',
  store: 'redis',
  recordedShare: 0.0583,
};
/** Its plugin of keys. Of its share nothing was recorded: without it there is no figure. */
export const BETTER_AUTH_KEYS: Omit<Peer, 'recordedShare'> = {
  name: 'better-auth api-key, postgres',
  script: 'better-auth-api-key',
  store: 'postgres',
};
export const SESSION_PEERS = [BETTER_AUTH, FASTIFY_SESSION, EXPRESS_SESSION_POSTGRES, EXPRESS_SESSION_REDIS];

/** Those that are installed and whose store is there, ready to be loaded. */
export async function peerContestants(
  bench: Bench,
  peers: readonly Omit<Peer, 'recordedShare'>[],
): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const { name, script, store } of bench.hasPeers ? peers : []) {
    if (store === 'redis' && !bench.hasRedis) continue;
    const place: Record<string, string> =
      store === 'redis' ? { BENCH_REDIS: await bench.redis() } : { BENCH_DATABASE: await bench.database() };
    const app = await bench.startScript(`peers/${script}.mjs`, place);
    const headers = await app.order<Record<string, string>[]>('tickets', USERS);
    contestants.push({ name, app, plan: { path: '/me', headers, seconds: 1 } });
  }
  return contestants;
}
