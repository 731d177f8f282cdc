import { connect, createServer, type Socket } from 'node:net';
import { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { StatementTimeoutClient } from '../../src/database/statement-timeout-client.js';
import { asUnavailable } from '../../src/database/unreachable-database.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { openTestDataSource } from './store-setups.js';

describe('a database out of reach', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
  });

  afterAll(() => database.drop());

  it.each([
    ['nobody listens', (url: URL) => ({ port: '1', pathname: url.pathname })],
    ['the host has no address', () => ({ hostname: 'database.invalid' })],
    ['the password is refused', () => ({ password: 'wrong' })],
    ['there is no such database', () => ({ pathname: '/nowhere' })],
  ])('is unavailable when %s', async (_, changes) => {
    const url = Object.assign(new URL(database.url), changes(new URL(database.url)));
    expect(await outcomeOf(connecting(url.href))).toMatchObject({ code: 'unavailable', status: 503 });
  });

  // Seconds are waited here, as nodes wait them.
  it('is unavailable when the server accepts and says nothing, and when a statement takes longer than a client would wait', async () => {
    const silent = createServer((socket) => socket.resume());
    const port = await listening(silent);
    const dataSource = await openTestDataSource(database.url, false);
    const [unopened, cancelled] = await Promise.all([
      outcomeOf(connecting(`postgres://u:p@127.0.0.1:${port}/d`)),
      outcomeOf(dataSource.query('SELECT pg_sleep(60)')),
    ]);
    expect(unopened).toMatchObject({ code: 'unavailable' });
    expect(cancelled).toMatchObject({ code: 'unavailable', reason: expect.stringContaining('57014') });
    silent.close();
    await dataSource.destroy();
  });

  it.each([
    ['goes on', (manager: EntityManager) => manager.query('SELECT 1')],
    ['commits', async () => undefined],
  ])('is unavailable when the connection breaks inside a transaction, which then %s', async (_, goOn) => {
    const dataSource = await openTestDataSource(database.url, false);
    const outcome = await outcomeOf(
      dataSource.transaction(async (manager) => {
        const [{ pid }] = await manager.query('SELECT pg_backend_pid() AS pid');
        await dataSource.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
        while (!manager.queryRunner!.isReleased) await new Promise(setImmediate);
        await goOn(manager);
      }),
    );
    expect(outcome).toMatchObject({ code: 'unavailable', status: 503 });
    await dataSource.destroy();
  });

  it('costs one timeout, not one per request: a connection that went silent leaves the pool', async () => {
    const proxy = new SilenceableProxy(new URL(database.url));
    const url = await proxy.open();
    const pool = new Pool({ connectionString: url, max: 1, Client: StatementTimeoutClient });
    pool.on('error', () => {});
    await pool.query('SELECT 1');
    proxy.silence();
    // Of this one only: the others are answered, however slow the machine is.
    const unanswered = { text: 'SELECT 2', query_timeout: 300 };
    expect(await outcomeOf(pool.query(unanswered))).toMatchObject({ code: 'unavailable' });
    proxy.mend();
    expect((await pool.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }]);
    await pool.end();
    proxy.close();
  });
});

/** Passes bytes on to the database until told to keep still; connections made after `mend` are fine again. */
class SilenceableProxy {
  private readonly pairs: [Socket, Socket][] = [];
  private readonly server = createServer((client) => this.join(client));

  constructor(private readonly target: URL) {}

  async open(): Promise<string> {
    const url = new URL(this.target);
    url.port = String(await listening(this.server));
    return url.href;
  }

  silence(): void {
    for (const [client, upstream] of this.pairs) client.unpipe(upstream);
  }

  mend(): void {
    this.pairs.length = 0;
  }

  close(): void {
    this.server.close();
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy()).on('error', () => {});
    upstream.on('close', () => client.destroy()).on('error', () => {});
    this.pairs.push([client, upstream]);
  }
}

/** A connection as a running node makes them: a start says of the same what is wrong with the configuration. */
async function connecting(databaseUrl: string): Promise<void> {
  const { extra } = dataSourceOptions({ databaseUrl, dataDir: '', poolSize: 1, entities: [], migrations: [] });
  const { Client: Connection, connectionTimeoutMillis } = extra as {
    Client: typeof StatementTimeoutClient;
    connectionTimeoutMillis: number;
  };
  const connection = new Connection({ connectionString: databaseUrl, connectionTimeoutMillis });
  await connection.connect();
}

function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => 'reached', asUnavailable);
}

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}
