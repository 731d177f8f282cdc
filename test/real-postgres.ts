import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrations } from '../migrations/index.js';
import { openDataSource } from '../src/database/open-data-source.js';
import { type SharedServer, sharedServer } from './servers-of-this-run.js';

/** A database of its own on a real PostgreSQL. */
export interface TestDatabase {
  readonly url: string;
  /** Also with connections still open. */
  drop(): Promise<void>;
}

/** A fresh database with all tables, copied from one that was migrated once per run. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = await sharedServer('');
  const template = `${server.prefix}template`;
  // Its checkpoints cost nothing where nothing has to reach a disk.
  const strategy = process.env.TEST_DATABASE_URL ? '' : 'STRATEGY FILE_COPY';
  const copy = () => create(server, `TEMPLATE "${template}" ${strategy}`);
  return copy().catch(async (error) => {
    if (error.code !== NO_SUCH_DATABASE) throw error;
    await withClient(server.url, (client) => ensureTemplate(client, server.url, template));
    return copy();
  });
}

/** SQLSTATE of a template that is not there yet. */
const NO_SUCH_DATABASE = '3D000';

/** A fresh database with no table at all. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return create(await sharedServer(''), 'TEMPLATE template0');
}

async function create({ url, prefix }: SharedServer, origin: string): Promise<TestDatabase> {
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  await command(url, `CREATE DATABASE "${name}" ${origin}`);
  return {
    url: urlOf(url, name),
    drop: () => command(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

/** A connection for making and dropping databases; the types leave out what keeps a process alive, or no longer. */
interface Commanding {
  readonly client: Promise<Client & { ref(): void; unref(): void }>;
  underWay: number;
}

/** All spec files of one process share them, by the server: a new connection for each database costs as much as the database. */
const COMMANDING: unique symbol = Symbol.for('coatcheck.commanding-connections');
const shared = globalThis as { [COMMANDING]?: Map<string, Commanding> };
shared[COMMANDING] ??= new Map();
const commanding = shared[COMMANDING];

async function command(url: string, sql: string): Promise<void> {
  const one = commanding.get(url) ?? { client: connected(url), underWay: 0 };
  commanding.set(url, one);
  const client = await one.client;
  // With nothing to do it keeps no process alive.
  one.underWay += 1;
  client.ref();
  try {
    await client.query(sql);
  } finally {
    one.underWay -= 1;
    if (one.underWay === 0) client.unref();
  }
}

function connected(url: string): Commanding['client'] {
  const client = new Client({ connectionString: url }) as Awaited<Commanding['client']>;
  const forget = () => commanding.delete(url);
  client.on('error', forget).once('end', forget);
  const failed = (error: unknown) => {
    forget();
    throw error;
  };
  return client.connect().then(() => client, failed);
}

/** Jest's workers come here at the same time; the lock lets one of them migrate. */
async function ensureTemplate(client: Client, url: string, template: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (rowCount) return;
  const unfinished = `${template}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS "${unfinished}" WITH (FORCE)`);
  await client.query(`CREATE DATABASE "${unfinished}" TEMPLATE template0`);
  const settings = { dataDir: '', poolSize: 2, entities: [], migrations, migrateOnStart: true };
  await (await openDataSource({ ...settings, databaseUrl: urlOf(url, unfinished) })).destroy();
  // A pool's connections are gone only a moment after it was closed, and a database in use can be neither renamed nor copied.
  await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [unfinished]);
  await client.query(`ALTER DATABASE "${unfinished}" RENAME TO "${template}"`);
}

/** Closing the connection releases the locks it took. */
async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
