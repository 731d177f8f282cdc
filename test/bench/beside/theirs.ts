import type { Bench, BenchApp } from '../row.js';
import { type Contender, cookiesIn, credentials, fieldIn, type Held, type Place, type Work } from './contender.js';

const CLIENT = { client_id: 'shop', client_secret: 'a secret that is only for measuring' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What a server of `peers/` has in common with the others, however it knows its users. */
interface Peer {
  readonly name: string;
  /** Of `peers/`. */
  readonly script: string;
  readonly packages: readonly string[];
  readonly store: Contender['store'];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether `POST /renew` gives the session another id. */
  readonly renews?: boolean;
  readonly logsOut?: boolean;
}

/** Those beside whom Coatcheck is measured, as their documentation sets them up. */
export const theirs: readonly Contender[] = [
  peer({ name: 'better-auth, postgres', script: 'better-auth', packages: ['better-auth'], store: 'postgres' }),
  peer({
    name: 'better-auth with cookieCache, postgres',
    script: 'better-auth',
    packages: ['better-auth'],
    store: 'postgres',
    environment: { BENCH_COOKIE_CACHE: '1' },
  }),
  peer({
    name: 'express-session, postgres',
    script: 'express-session',
    packages: ['express-session', 'connect-pg-simple', 'express'],
    store: 'postgres',
    renews: true,
  }),
  peer({
    name: 'express-session, redis',
    script: 'express-session',
    packages: ['express-session', 'connect-redis', 'express'],
    store: 'redis',
    renews: true,
  }),
  peer({
    name: '@fastify/session, redis',
    script: 'fastify-session',
    packages: ['@fastify/session', 'connect-redis', 'fastify'],
    store: 'redis',
    renews: true,
  }),
  peer({
    name: 'passport-jwt (Nest recipe), Express',
    script: 'passport-jwt',
    packages: ['passport-jwt', '@nestjs/jwt', '@nestjs/passport', '@nestjs/core'],
    store: 'none',
    logsOut: false,
  }),
  oidcProvider(),
];

function peer({ script, environment = {}, renews = false, logsOut = true, ...same }: Peer): Contender {
  return {
    ...same,
    isOurs: false,
    start: (bench, place, work) => start(bench, script, place, work, environment),
    held: async (app, count) => {
      const tickets = await app.order<Held['ticket'][]>('tickets', count);
      return tickets.map((ticket) => ({ ticket }));
    },
    login: (at) => ({ path: '/login', headers: {}, body: credentials(at) }),
    renewal: renews ? ({ ticket }) => ({ path: '/renew', headers: ticket }) : null,
    renewed: (_held, answer) => ({ ticket: { cookie: cookiesIn(answer).join('; ') } }),
    logout: logsOut ? ({ ticket }) => ({ path: '/logout', headers: ticket }) : null,
  };
}

function oidcProvider(): Contender {
  return {
    name: 'oidc-provider, redis',
    isOurs: false,
    packages: ['oidc-provider'],
    store: 'redis',
    start: (bench, place, work) => start(bench, 'oidc-provider', place, work, {}),
    held: async (app, count) => {
      const all = await app.order<{ access: string; refresh: string }[]>('held', count);
      return all.map(({ access, refresh }) => ({ ticket: { authorization: `Bearer ${access}` }, refresh }));
    },
    login: null,
    renewal: ({ refresh }) => form('/token', { grant_type: 'refresh_token', refresh_token: refresh! }),
    renewed: ({ ticket }, answer) => ({ ticket, refresh: fieldIn(answer, 'refresh_token') }),
    logout: ({ refresh }) => form('/token/revocation', { token: refresh!, token_type_hint: 'refresh_token' }),
  };
}

function form(path: string, fields: Record<string, string>) {
  return { path, headers: FORM, body: new URLSearchParams({ ...CLIENT, ...fields }).toString() };
}

function start(
  bench: Bench,
  script: string,
  { database, redis }: Place,
  { realHashes = false, onAllCores = false }: Work,
  environment: Readonly<Record<string, string>>,
): Promise<BenchApp> {
  const all: Record<string, string> = { ...environment, BENCH_USERS: database };
  if (redis) all.BENCH_REDIS = redis;
  else all.BENCH_DATABASE = database;
  if (realHashes) all.BENCH_REAL_HASHES = '1';
  return bench.startScript(`peers/${script}.mjs`, all, onAllCores ? 'all' : 'server');
}
