import pg from 'pg';
import { manySessions } from '../harness/many-sessions.js';
import { cacheAt } from '../harness/stores.js';
import { ticketsOf } from '../harness/tickets.js';
import type { Bench } from '../row.js';
import { type Contender, type Place, placeFor } from './contender.js';

export const SESSIONS = 100_000;
/** Whose keys are copied. */
const CLIENTS = 2;
const COPIED_AT_ONCE = 1_000;

/** What 100,000 sessions take. */
export interface Memory {
  readonly contender: Contender;
  /** In the store, keys and indexes included; null: it keeps nothing there. */
  readonly storeBytes: number | null;
  /** In the process, that has seen all of them; null: it keeps nothing of them. */
  readonly processBytes: number | null;
}

/** The tables of PostgreSQL, and how a row of them is made from another. */
const TABLES: Readonly<Record<string, { table: string; copy: string }>> = {
  Coatcheck: { table: 'coatcheck.sessions', copy: '' },
  'better-auth': {
    table: '"session"',
    copy: `INSERT INTO "session" SELECT (jsonb_populate_record(one, jsonb_build_object(
             'id', left(md5(at::text), length(one.id)), 'token', md5('t' || at)))).*
             FROM (SELECT * FROM "session" LIMIT 1) one, generate_series(1, $1::int) at`,
  },
  'express-session': {
    table: '"session"',
    copy: `INSERT INTO "session" (sid, sess, expire) SELECT md5(at::text), one.sess, one.expire
             FROM (SELECT * FROM "session" LIMIT 1) one, generate_series(1, $1::int) at`,
  },
};

/** Copies of the real session of a client who logged in, each under ids of its own as long as the real ones. */
export async function measureMemory(bench: Bench, contenders: readonly Contender[]): Promise<Memory[]> {
  const all: Memory[] = [];
  for (const contender of contenders) {
    bench.say(`  ${contender.name}`);
    const place = await placeFor(bench, contender);
    if (contender.store === 'none') all.push({ contender, storeBytes: null, processBytes: null });
    else if (contender.store === 'redis')
      all.push({ contender, storeBytes: await inRedis(bench, contender, place), processBytes: null });
    else if (contender.isOurs) all.push({ contender, ...(await oursInPostgres(bench, contender, place)) });
    else all.push({ contender, storeBytes: await inPostgres(bench, contender, place), processBytes: null });
  }
  return all;
}

async function oursInPostgres(bench: Bench, contender: Contender, place: Place) {
  const strategy = contender.name.includes('jwt') ? 'jwt' : 'session';
  const app = await contender.start(bench, place, {});
  // So that code that is compiled on the way does not count.
  const some = await ticketsOf(app, 64);
  const before = await sizeOf(place.database, TABLES.Coatcheck!.table);
  const headers = await manySessions(app, place.database, strategy, SESSIONS);
  const storeBytes = (await sizeOf(place.database, TABLES.Coatcheck!.table)) - before;
  await bench.load(app, { path: '/me', headers: some });
  const empty = await app.memory();
  await bench.load(app, { path: '/me', headers, requests: SESSIONS });
  const full = await app.memory();
  await app.stop();
  return { storeBytes, processBytes: full.heapUsed + full.external - empty.heapUsed - empty.external };
}

async function inPostgres(bench: Bench, contender: Contender, place: Place): Promise<number> {
  const app = await contender.start(bench, place, {});
  await contender.held(app, 1);
  const { table, copy } = TABLES[contender.name.split(/[ ,]/)[0]!]!;
  const before = await sizeOf(place.database, table);
  await query(place.database, copy, [SESSIONS]);
  const bytes = (await sizeOf(place.database, table)) - before;
  await app.stop();
  return bytes;
}

async function inRedis(bench: Bench, contender: Contender, place: Place): Promise<number> {
  const app = await contender.start(bench, place, {});
  const client = cacheAt(place.redis!);
  await client.connect();
  // What is there once is no client's.
  const common = await keysOf(client);
  await contender.held(app, CLIENTS);
  const theirKeys = (await keysOf(client)).filter((key) => !common.includes(key));
  const before = await usedMemory(client);
  for (let at = 0; at < SESSIONS / CLIENTS; at += COPIED_AT_ONCE) {
    await client.eval(COPY, { keys: theirKeys, arguments: [String(at), String(COPIED_AT_ONCE)] });
  }
  const bytes = (await usedMemory(client)) - before;
  client.destroy();
  await app.stop();
  return bytes;
}

/** A key's end is its number; a key is as long as the one it is a copy of. ARGV where to begin, how many. */
const COPY = `for at = ARGV[1], ARGV[1] + ARGV[2] - 1 do
  for _, key in ipairs(KEYS) do redis.call('COPY', key, string.sub(key, 1, -9) .. string.format('%08d', at)) end
end`;

async function keysOf(client: ReturnType<typeof cacheAt>): Promise<string[]> {
  // Counters of limits are forgotten in minutes.
  return (await client.keys('*')).filter((key) => !/\{feed\}|:ready$|:counter$/.test(key));
}

async function usedMemory(client: ReturnType<typeof cacheAt>): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1]);
}

async function sizeOf(databaseUrl: string, table: string): Promise<number> {
  const [row] = await query<{ bytes: number }>(
    databaseUrl,
    'SELECT pg_total_relation_size($1::regclass)::float8 AS bytes',
    [table],
  );
  return row!.bytes;
}

async function query<T>(databaseUrl: string, sql: string, values: unknown[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}
