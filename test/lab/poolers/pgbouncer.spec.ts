import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import { HostDataSourceCheck } from '../../../src/database/host-data-source.check.js';
import { openDataSource } from '../../../src/database/open-data-source.js';
import { canListen, poolingOf } from '../../../src/database/pooling.js';
import { entities } from '../../../src/features.js';
import type { AuthTestApp } from '../../../src/testing/index.js';
import { bootService } from '../../flows/combinations.js';
import { type PgBouncer, startPgBouncer } from '../../pgbouncer.js';
import { emptyDatabase, type TestDatabase } from '../../real-postgres.js';
import { isInstalled } from '../../servers-of-this-run.js';

const IGNORING = 'ignore_startup_parameters = extra_float_digits,options,statement_timeout,lock_timeout';

const AS_BY_DEFAULT = 'as it is by default';

(isInstalled('pgbouncer') ? describe : describe.skip).each([
  [AS_BY_DEFAULT, []],
  ['that leaves start-up parameters out without a word', [IGNORING]],
  ['with two sessions of the server for all', [IGNORING, 'default_pool_size = 2']],
])('PgBouncer in transaction mode, %s', (how, settings) => {
  let database: TestDatabase;
  let pooler: PgBouncer;
  const boot = (options: object = {}) => bootService({ databaseUrl: pooler.url, databasePoolSize: 3, ...options });
  const opened = () =>
    openDataSource({ databaseUrl: pooler.url, dataDir: '', poolSize: 2, entities, migrations, migrateOnStart: true });

  beforeAll(async () => {
    database = await emptyDatabase();
    pooler = await startPgBouncer(database.url, settings);
  });
  afterAll(async () => {
    await pooler?.stop();
    await database?.drop();
  });

  it('is said at start, with what to do; five processes that start at once migrate once, and leave no lock', async () => {
    const said: string[] = [];
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void said.push(String(text)));
    try {
      const all = await Promise.all(Array.from({ length: 5 }, opened));
      expect(await all[0]!.query('SELECT count(*)::int AS n FROM coatcheck.coatcheck_migrations')).toEqual([
        { n: migrations.length },
      ]);
      expect(await poolingOf(all[0]!)).toBe('transaction');
      expect(all.map(canListen)).toEqual([false, false, false, false, false]);
      for (const dataSource of all) await dataSource.destroy();
    } finally {
      warn.mockRestore();
    }
    expect(said).toContainEqual(
      expect.stringMatching(/DATABASE_URL points to a pooler in transaction mode.*DATABASE_DIRECT_URL/),
    );
    // Those of this database: other files of the run share the server.
    const locks = `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database =
      (SELECT oid FROM pg_database WHERE datname = current_database())`;
    expect(await rows(locks)).toEqual([{ n: 0 }]);
  });

  it('is said of a host’s own DataSource too, with what a host can do', async () => {
    await (await opened()).destroy();
    const said: string[] = [];
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void said.push(String(text)));
    const own = await new DataSource({ type: 'postgres', url: pooler.url, entities: [...entities] }).initialize();
    try {
      await new HostDataSourceCheck(own).onModuleInit();
      expect(canListen(own)).toBe(false);
    } finally {
      warn.mockRestore();
      await own.destroy();
    }
    expect(said).toEqual([
      expect.stringMatching(/^Your DataSource points to a pooler in transaction mode.*session mode/),
    ]);
  });

  it('starts while another client of the pooler holds a session in a transaction', async () => {
    const holder = new Client({ connectionString: pooler.url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1');
      await (await opened()).destroy();
    } finally {
      await holder.end();
    }
  });

  describe('under two nodes', () => {
    let nodes: readonly [AuthTestApp, AuthTestApp];
    beforeAll(async () => {
      nodes = [await boot(), await boot()];
    });
    afterAll(async () => {
      for (const node of nodes ?? []) await node.close();
    });

    it('serves by polling: a logout that is acknowledged holds on both, and nothing is left listening', async () => {
      const [one, other] = nodes;
      const user = await one.logIn({ strategy: 'jwt', transport: 'body' });
      const there = other.client({ authorization: `Bearer ${user.accessToken}` });
      expect((await there.get('/auth/me')).status).toBe(200);
      expect((await user.post('/auth/logout')).status).toBe(204);
      expect((await there.get('/auth/me')).status).toBe(401);
      expect(await listening()).toEqual([]);
    });

    it('revokes under load: of many logouts and bans at once each holds on both when it is acknowledged', async () => {
      const [one, other] = nodes;
      const admin = await one.logIn({ strategy: 'jwt', transport: 'body', changes: { roles: ['admin'] } });
      const users = await Promise.all(
        Array.from({ length: 10 }, () => one.logIn({ strategy: 'jwt', transport: 'body' })),
      );
      const ofAll = (user: { accessToken?: string }) =>
        nodes.map((node) => node.client({ authorization: `Bearer ${user.accessToken}` }));
      for (const user of users)
        for (const client of ofAll(user)) expect((await client.get('/auth/me')).status).toBe(200);
      const [, boss] = ofAll(admin);
      const statuses = await Promise.all(
        users.map(async (user, i) => {
          const [here, there] = ofAll(user);
          const end =
            i % 2 === 0 ? () => there!.post('/auth/logout') : () => boss!.post(`/admin/users/${user.userId}/ban`, {});
          const { status } = await end();
          return [status, (await here!.get('/auth/me')).status, (await there!.get('/auth/me')).status];
        }),
      );
      expect(statuses).toEqual(users.map(() => [204, 401, 401]));
      expect((await other.client().get('/health/ready')).status).toBe(200);
    });
  });

  // What leads past a pooler does not depend on how it treats those who go through it.
  if (how === AS_BY_DEFAULT)
    describe('and DATABASE_DIRECT_URL', () => {
      it('is gone past by DATABASE_DIRECT_URL: the nodes listen at the server itself', async () => {
        const databaseDirectUrl = `${database.url}?application_name=direct`;
        const [one, other] = [await boot({ databaseDirectUrl }), await boot({ databaseDirectUrl })];
        expect(canListen(one.app.get(AUTH_DATA_SOURCE, { strict: false }))).toBe(true);
        expect(await direct()).toHaveLength(2);
        const user = await one.logIn({ strategy: 'jwt', transport: 'body' });
        const there = other.client({ authorization: `Bearer ${user.accessToken}` });
        expect((await there.get('/auth/me')).status).toBe(200);
        expect((await user.post('/auth/logout')).status).toBe(204);
        expect((await there.get('/auth/me')).status).toBe(401);
        await Promise.all([one.close(), other.close()]);
      });

      it('is refused as DATABASE_DIRECT_URL, and so is another database', async () => {
        await expect(boot({ databaseDirectUrl: pooler.url })).rejects.toThrow('DATABASE_DIRECT_URL leads to a pooler');
        const stranger = await emptyDatabase();
        await expect(boot({ databaseDirectUrl: stranger.url })).rejects.toThrow(
          'leads to another database than DATABASE_URL',
        );
        await stranger.drop();
      });
    });

  const rows = async (sql: string) => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  /** Connections that came past the pooler, and stay. */
  const direct = () => rows(`SELECT pid FROM pg_stat_activity WHERE application_name = 'direct'`);
  const listening = () => rows(`SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN coatcheck\\_%ed'`);
});
