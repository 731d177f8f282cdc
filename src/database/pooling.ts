import type { Client, ClientConfig, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { isEmbedded } from './data-source-options.js';

/** What stands between a DataSource and its server. `transaction`: two statements in turn may meet two different sessions. */
export type Pooling = 'none' | 'session' | 'transaction';

type OpenPool = Pool & { readonly Client: new (config: ClientConfig) => Client & { readonly processID: number } };

/**
 * Looks whether a pooler (PgBouncer and others) is in between, and in which mode: it tells its clients process ids of its own,
 * and in transaction mode another client can be given the session that has just begun to listen.
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
    await first.query('LISTEN coatcheck_pooling');
    const second = await open();
    try {
      await second.query('BEGIN');
      // Nothing more is asked then: where the pooler has no other session, the first would wait for the second.
      if ((await processOf(second)) === process) return 'transaction';
      const { rowCount } = await first.query('SELECT FROM pg_listening_channels() c WHERE c = $1', [
        'coatcheck_pooling',
      ]);
      return rowCount === 0 ? 'transaction' : 'session';
    } finally {
      await second.end();
    }
  } finally {
    await first.query('UNLISTEN coatcheck_pooling').catch(() => undefined);
    await first.end();
  }
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

/** What to say of a pooler in transaction mode, and what to do. */
export const TRANSACTION_POOLING = {
  problem:
    'points to a pooler in transaction mode: it does not deliver notifications, so each logout waits until the other nodes poll',
  remedy: 'set DATABASE_DIRECT_URL to the server itself, or use the pooler in session mode',
} as const;

async function processOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
