import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ClientConfig, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { isEmbedded } from './data-source-options.js';

/** A session of one's own answers sooner by far. Of one that does not, nothing worse is thought than that it may not hear. */
const PATIENCE_MS = 2_000;

/** While others come and go, a client may meet the same session again by chance. */
const ROUNDS = 10;

/** The kind of pooler between a DataSource and its server. `transaction`: two statements in turn may reach two different sessions. */
export type Pooling = 'none' | 'session' | 'transaction';

type OpenPool = Pool & { readonly Client: new (config: ClientConfig) => Client & { readonly processID: number } };

/**
 * Looks whether a pooler (PgBouncer and others) is in between, and in which mode: it tells its clients process ids of its own, and in
 * transaction mode a client meets now this session of the server and now that one, and one that another client has just had.
 */
export async function poolingOf(dataSource: DataSource): Promise<Pooling> {
  if (isEmbedded(dataSource.options)) return 'none';
  const pool = (dataSource.driver as unknown as { master: OpenPool }).master;
  const open = async () => {
    const client = new pool.Client(pool.options as ClientConfig);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const first = await open();
  try {
    const process = await processOf(first);
    if (process === first.processID) return 'none';
    const second = await open();
    try {
      for (let round = 0; round < ROUNDS; round++) if (await isLent(process, first, second)) return 'transaction';
      return 'session';
    } finally {
      await second.end();
    }
  } finally {
    await first.end();
  }
}

/** Whether the session `process` of the server is not the own one of the client `first`. */
async function isLent(process: number, first: Client, second: Client): Promise<boolean> {
  // Poolers hand out next what came back last: after this question the second is likely to meet the very session that the first had.
  if ((await processOf(first)) !== process) return true;
  await second.query('BEGIN');
  // Nothing more is asked then: where the pooler has no other session, the first would wait for the second.
  const isShared = (await processOf(second)) === process;
  // Who has to wait for a session has none of its own; and the one that is waited for may be in the hands of `second`.
  const asked = isShared ? null : processOf(first);
  const other = asked && (await Promise.race([asked, pause(PATIENCE_MS, null, { ref: false })]));
  await second.query('ROLLBACK');
  await asked;
  return other !== process;
}

const deaf = new WeakSet<DataSource>();

/** For a DataSource behind a pooler in transaction mode, with no way past it. */
export function listenNever(dataSource: DataSource): void {
  deaf.add(dataSource);
}

/** Whether a connection of this DataSource that listens would hear. */
export function canListen(dataSource: DataSource): boolean {
  return !deaf.has(dataSource);
}

/** Finding and remedy for a pooler in transaction mode. */
export const TRANSACTION_POOLING = {
  problem:
    'points to a pooler in transaction mode: it does not deliver notifications, so each logout waits until the other nodes poll',
  remedy: 'set DATABASE_DIRECT_URL to the server itself, or use the pooler in session mode',
} as const;

async function processOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
