import { hashSecret, mintSecretToken } from 'coatcheck';
import pg from 'pg';
import { fill } from '../../lab/plans/crowd.js';
import { credentialsOf, logIn, PASSWORD, type Ticket } from '../harness/tickets.js';
import type { AppSettings, Bench, BenchApp } from '../row.js';

/** Who log in; spread among the others. */
export const KNOWN = 400;
const SAMPLES = 500;

/** Ids of rows from anywhere in a database, to look for. */
export interface Samples {
  readonly users: readonly string[];
  readonly events: readonly string[];
  /** Tickets of sessions that no node has seen yet. */
  readonly tickets: readonly Ticket[];
}

/** A database with so many users, and whoever serves it. */
export interface Side {
  readonly databaseUrl: string;
  readonly samples: Samples;
  readonly bytes: number;
  /** Of PostgreSQL. */
  readonly version: string;
  /** Rows by table, the large ones. */
  readonly rows: Readonly<Record<string, number>>;
}

/** An app on one side, with those who are logged in there. */
export interface Served {
  readonly side: Side;
  readonly app: BenchApp;
  readonly admin: Ticket;
  /** A cookie each, by which their device is known. */
  readonly devices: readonly string[];
  /** What the last logins left behind, by request. */
  held: { ticket: Ticket; refresh: string }[];
}

/** Fills a fresh database. */
export async function filled(bench: Bench, users: number, events: number): Promise<string> {
  const databaseUrl = await bench.database();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await fill(client, { users, events, known: KNOWN, passwordHash: `free:${PASSWORD}`, now: new Date() });
  await client.query('CHECKPOINT');
  await client.end();
  return databaseUrl;
}

/** What there is in one that was filled. */
export async function sideOf(databaseUrl: string): Promise<Side> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const ids = async (from: string) =>
    (
      await client.query<{ id: string }>(`SELECT id FROM coatcheck.${from} ORDER BY random() LIMIT ${SAMPLES}`)
    ).rows.map(({ id }) => id);
  const samples = { users: await ids('users'), events: await ids('audit_events'), tickets: await ticketsIn(client) };
  const { rows: counts } = await client.query(
    `SELECT relname AS name, reltuples::float8 AS rows FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'coatcheck'::regnamespace AND reltuples >= 1000 ORDER BY reltuples DESC, 1`,
  );
  const { rows: facts } = await client.query(
    `SELECT pg_database_size(current_database())::float8 AS bytes, current_setting('server_version') AS version`,
  );
  await client.end();
  const rows = Object.fromEntries(counts.map(({ name, rows }) => [name, rows]));
  return { databaseUrl, samples, rows, ...facts[0] };
}

/** Gives sessions from anywhere in the table secrets that are known here. */
async function ticketsIn(client: pg.Client): Promise<Ticket[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT s.id FROM coatcheck.sessions s JOIN coatcheck.users u ON u.id = s.user_id
      WHERE strategy = 'session' AND ended_at IS NULL AND idle_expires_at > now() + interval '1 hour'
        AND absolute_expires_at > now() + interval '1 hour' AND u.banned_at IS NULL ORDER BY random() LIMIT ${SAMPLES}`,
  );
  const secrets = rows.map(() => mintSecretToken().token.split('.')[1]!);
  await client.query(
    `UPDATE coatcheck.sessions SET secret_hash = given.hash FROM unnest($1::uuid[], $2::text[]) AS given (id, hash) WHERE sessions.id = given.id`,
    [rows.map(({ id }) => id), secrets.map(hashSecret)],
  );
  return rows.map(({ id }, i) => ({ cookie: `__Host-session=${id}.${secrets[i]}` }));
}

/** Starts an app on it. Everyone logs in once, so that their devices are known. */
export async function serve(bench: Bench, side: Side, settings: AppSettings): Promise<Served> {
  const options = { secondFactorRoles: ['nobody'], newDeviceNotice: false };
  const app = await bench.startApp({ ...settings, databaseUrl: side.databaseUrl, options });
  const devices: string[] = [];
  const bodies = Array.from({ length: KNOWN }, (_, at) => JSON.stringify(credentialsOf(at)));
  const onAnswer = (answer: Buffer, at: number) => {
    devices[at] = cookieIn(answer, 'device')!;
  };
  await bench.load(app, {
    method: 'POST',
    path: '/auth/login',
    body: bodies,
    requests: KNOWN,
    connections: 4,
    onAnswer,
  });
  const { ticket: admin } = await logIn(app, 0);
  return { side, app, admin, devices, held: [] };
}

/** `name=value` of a cookie that an answer sets. */
export function cookieIn(answer: Buffer, name: string): string | undefined {
  return new RegExp(`set-cookie: ([\\w-]*${name}=[^;\\r]+)`, 'i').exec(answer.toString('latin1'))?.[1];
}
