import { type AddressInfo, connect, createServer } from 'node:net';
import { Client } from 'pg';
import { migrations } from '../../migrations/index.js';
import { Options } from '../../src/config/options.js';
import { databaseOptions } from '../../src/database/database-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { entities } from '../../src/features.js';
import { asListenError } from '../../src/service/listen-error.js';
import { bootService } from '../flows/combinations.js';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../real-postgres.js';

const SECRET = 'hunter2hunter2';

describe('a start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());
  const opening = (databaseUrl: string, more: object = {}) =>
    openDataSource({ databaseUrl, dataDir: '', poolSize: 2, entities, migrations, migrateOnStart: true, ...more });
  const otherwise = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  it.each([
    [
      'a database that does not exist',
      (url: URL) => Object.assign(url, { pathname: '/nonesuch' }),
      /names the database nonesuch, which does not exist\n +-> CREATE DATABASE "nonesuch"$/m,
    ],
    [
      'a role that the server refuses',
      (url: URL) => ([url.username, url.password] = ['nobody', SECRET]),
      /names the role nobody, which the server refuses\n +-> correct the user and the password/,
    ],
    [
      'a server that is not there',
      (url: URL) => Object.assign(url, { host: '127.0.0.1:1' }),
      /points to 127\.0\.0\.1:1, where no database answers \(ECONNREFUSED\)\n +-> start PostgreSQL/,
    ],
    ['TLS that the server has not', (url: URL) => url.searchParams.set('sslmode', 'require'), /disagree about TLS/],
  ] as const)('says of %s what is wrong and what to do, and nothing that is secret', async (_, change, told) => {
    const failure = await opening(otherwise(change)).catch((error) => error);
    expect(failure.name).toBe('ConfigurationError');
    expect(failure.message).toMatch(told);
    expect(failure.message).not.toContain(SECRET);
    expect(failure.message).not.toContain(new URL(database.url).password);
  });

  it('waits for a database that is not up yet', async () => {
    const held = createServer();
    await new Promise<void>((resolve) => held.listen(0, '127.0.0.1', resolve));
    const { port } = held.address() as AddressInfo;
    await new Promise((resolve) => held.close(resolve));
    const target = new URL(database.url);
    const starting = opening(
      otherwise((url) => (url.port = String(port))),
      { waitSeconds: 60 },
    );
    // What stood there comes up: a relay to the server.
    const relay = createServer((socket) => {
      const onward = connect(Number(target.port), target.hostname);
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward])
        end.on('error', () => {
          socket.destroy();
          onward.destroy();
        });
    });
    await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
    const dataSource = await starting;
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
    await new Promise((resolve) => relay.close(resolve));
  });

  it.each([
    [
      '?schema=auth',
      'DATABASE_URL has the parameter `schema`, which PostgreSQL does not know\n    -> remove it, and set DATABASE_SCHEMA=auth',
    ],
    [
      '?options=-csearch_path%3Dauth',
      'DATABASE_URL sets the search_path to auth, but the tables are in the schema coatcheck\n    -> set DATABASE_SCHEMA=auth',
    ],
  ])('refuses a URL with %s', (query, told) => {
    const resolve = (more: object) =>
      Options.resolve([databaseOptions], { databaseUrl: `postgres://host/name${query}`, ...more });
    expect(() => resolve({})).toThrow(told);
    expect(() => Options.resolve([databaseOptions], { databaseUrl: 'postgres://host/name' })).not.toThrow();
  });

  it.each(['public', 'auth', 'a_1'])('takes the schema %s', (databaseSchema) => {
    expect(() => Options.resolve([databaseOptions], { databaseSchema })).not.toThrow();
  });

  it.each(['pg_own', 'information_schema', 'Auth', 'a"b', 'a.b', '', 'a'.repeat(64)])(
    'refuses the schema %p',
    (databaseSchema) => {
      expect(() => Options.resolve([databaseOptions], { databaseSchema })).toThrow('DATABASE_SCHEMA');
    },
  );

  it.each([
    ['EADDRINUSE', 'PORT is 3000, which is already in use\n    -> stop what listens there, or choose another PORT'],
    ['EACCES', 'PORT is 3000, which this user may not use'],
    ['EADDRNOTAVAIL', 'HOST is 192.0.2.1, which is no address here'],
  ])('takes %s for what it is', (code, told) => {
    const error = Object.assign(new Error('listen'), { code });
    expect(String(asListenError(error, { host: '192.0.2.1', port: 3000 }))).toContain(told);
    expect(asListenError('other', { host: '', port: 1 })).toBe('other');
  });
});

it('a role that may SELECT, INSERT, UPDATE and DELETE serves what its owner has migrated', async () => {
  const database = await emptyDatabase();
  const [owner, runner] = [`auth_owner_${process.pid}`, `auth_run_${process.pid}`];
  const admin = new Client({ connectionString: database.url });
  await admin.connect();
  const as = (role: string) => {
    const url = new URL(database.url);
    [url.username, url.password] = [role, SECRET];
    return url.href;
  };
  try {
    for (const role of [owner, runner]) await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'`);
    // As docs/guides/operate-and-upgrade.md has it.
    await admin.query(`CREATE SCHEMA coatcheck AUTHORIZATION ${owner}`);
    await admin.query(`GRANT USAGE ON SCHEMA coatcheck TO ${runner}`);
    await admin.query(
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA coatcheck GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${runner}`,
    );
    const settings = { dataDir: '', poolSize: 2, entities, migrations, migrateOnStart: true };
    await (await openDataSource({ ...settings, databaseUrl: as(owner) })).destroy();
    const app = await bootService({ databaseUrl: as(runner), migrateOnStart: false });
    try {
      const user = await app.logIn({ strategy: 'jwt', transport: 'body', changes: { roles: ['admin'] } });
      expect((await user.post('/auth/refresh', { refreshToken: user.refreshToken })).status).toBe(200);
      expect((await user.get('/admin/users')).status).toBe(200);
      expect((await user.post('/auth/logout')).status).toBe(204);
      expect((await user.get('/auth/me')).status).toBe(401);
    } finally {
      await app.close();
    }
    await expect(openDataSource({ ...settings, databaseUrl: as(runner) })).rejects.toThrow(
      `in which the role ${runner} may not create tables`,
    );
  } finally {
    for (const role of [owner, runner]) {
      await admin.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER`);
      await admin.query(`DROP OWNED BY ${role}`);
      await admin.query(`DROP ROLE ${role}`);
    }
    await admin.end();
    await database.drop();
  }
});
