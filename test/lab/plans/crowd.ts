import type { Client } from 'pg';
import { crowdStatements } from './crowd-statements.js';

/** How many there are to be. */
export interface CrowdSize {
  readonly users: number;
  /** Of the audit. */
  readonly events: number;
  /** Users `user-000000@bench.example` and on, verified, spread among the others; the first is an admin. */
  readonly known: number;
  /** Of every user, as it is stored. */
  readonly passwordHash: string;
  readonly now: Date;
}

export const SESSIONS_A_USER = 5;

/**
 * Fills a database with what a service of this size would have after a while: sessions that live, ended and ran out, spent and
 * fresh refresh tokens, known devices, links that were mailed, locks, counters, and what happened in a year. Indexes and foreign keys are
 * put aside meanwhile, and made again from their own definitions.
 */
export async function fill(client: Client, size: CrowdSize): Promise<void> {
  await client.query('SELECT setseed(0.5)');
  const restore = await putAside(client);
  for (const statement of crowdStatements(size)) await client.query(statement);
  for (const statement of restore) await client.query(statement);
  await client.query('VACUUM (ANALYZE)');
}

/** Returns the statements that bring them back. */
async function putAside(client: Client): Promise<string[]> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'coatcheck'::regnamespace`,
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE schemaname = 'coatcheck' AND indexdef NOT LIKE 'CREATE UNIQUE%'`,
  );
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { name } of indexes) await client.query(`DROP INDEX coatcheck.${name}`);
  return [
    ...indexes.map(({ definition }) => definition),
    ...keys.map(({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`),
  ];
}
