import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg, { Client } from 'pg';
import { DataSource } from 'typeorm';
import { AuthModule } from '../../src/auth.module.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { KnownDevices } from '../../src/devices/known-devices.js';
import { entities } from '../../src/features.js';
import { mintSecretToken } from '../../src/kernel/secret-token.js';
import { LimitKeys } from '../../src/limits/limit-keys.js';
import { Lockout } from '../../src/lockout/lockout.js';
import {
  type AuthTestApp,
  type TestClient,
  type TestReply,
  type TestUser,
  testOptions,
} from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const STRATEGIES = { authStrategies: ['session', 'api-key'] };

describe.each([
  ['DateStyle German', `datestyle = 'German, DMY'`],
  ['DateStyle SQL', `datestyle = 'SQL, MDY'`],
  ['DateStyle Postgres', `datestyle = 'Postgres, MDY'`],
  ['isolation serializable', `default_transaction_isolation = 'serializable'`],
  ['a time zone of an odd offset', `timezone = 'Asia/Kathmandu'`],
])('a database set to %s', (_, setting) => {
  let database: TestDatabase;
  let app: AuthTestApp;
  let user: TestUser;
  const key = async (name: string, more: object = {}) => {
    const { status, body } = await user.post('/auth/api-keys', { name, scopes: ['example:read'], ...more });
    expect(status).toBe(201);
    return body as { id: string; apiKey: string };
  };
  const outcome = async (apiKey: string) => codeOf(await app.client().get('/example/scoped', { 'x-api-key': apiKey }));

  beforeAll(async () => {
    database = await freshDatabase();
    app = await bootService({ databaseUrl: database.url, ...STRATEGIES });
    user = await app.logIn();
  });
  afterAll(async () => {
    await app?.close();
    await database.drop();
  });

  it('lets no revoked, expired or banned key in, neither after a failover nor after a restart', async () => {
    const [good, revoked, expiring] = [
      await key('good'),
      await key('revoked'),
      await key('over', { expiresInSeconds: 60 }),
    ];
    for (const { apiKey } of [good, revoked, expiring]) expect(await outcome(apiKey)).toBe('200');
    expect((await user.delete(`/auth/api-keys/${revoked.id}`)).status).toBe(204);
    app.clock.advance(61);
    await alter(database, setting);
    await cut(database);
    // What was cut is noticed by the first who uses it.
    for (let tries = 0; tries < 50 && (await app.client().get('/health/ready')).status !== 200; tries++);
    for (const when of ['after a failover', 'after a restart']) {
      expect([when, await outcome(revoked.apiKey)]).toEqual([when, '401 unauthenticated']);
      expect([when, await outcome(expiring.apiKey)]).toEqual([when, '401 unauthenticated']);
      expect([when, await outcome(good.apiKey)]).toEqual([when, '200']);
      if (when === 'after a restart') break;
      await app.close();
      app = await bootService({ databaseUrl: database.url, ...STRATEGIES }, [], app.clock);
    }
    await inDatabase(database, `UPDATE coatcheck.users SET banned_at = now(), revision = revision + 1`);
    await app.close();
    app = await bootService({ databaseUrl: database.url, ...STRATEGIES }, [], app.clock);
    expect(await outcome(good.apiKey)).toBe('401 unauthenticated');
    await inDatabase(database, `UPDATE coatcheck.users SET banned_at = NULL`);
  });

  it('registers, logs in, and lists sessions as any other', async () => {
    const ada = await app.logIn();
    expect((await ada.get('/auth/me')).status).toBe(200);
    const { body } = await ada.get('/auth/sessions');
    expect(body.sessions[0].createdAt).toBe(app.clock.now().toISOString());
  });
});

describe('the settings of a connection', () => {
  const pinned = {
    DateStyle: 'ISO, MDY',
    TimeZone: 'UTC',
    default_transaction_isolation: 'read committed',
    default_transaction_deferrable: 'off',
    lock_timeout: '4s',
    statement_timeout: '5s',
    client_encoding: 'UTF8',
  };

  it.each([
    ['nothing', ''],
    ['other settings and more', `-c datestyle=German -c lock_timeout=1 -c work_mem=7MB -c search_path=public`],
  ])('are ours where the URL asks for %s', async (_, options) => {
    const database = await freshDatabase();
    for (const setting of [
      `datestyle = 'German, DMY'`,
      `timezone = 'Asia/Kathmandu'`,
      `lock_timeout = '300ms'`,
      `default_transaction_isolation = 'serializable'`,
    ])
      await alter(database, setting);
    const url = new URL(database.url);
    if (options) url.searchParams.set('options', options);
    const app = await bootService({ databaseUrl: url.href });
    try {
      const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
      const [row] = await dataSource.query(
        `SELECT ${Object.keys(pinned).map((name) => `current_setting('${name}') AS "${name}"`)}`,
      );
      expect(row).toEqual(pinned);
      if (options) expect(await dataSource.query('SHOW work_mem')).toEqual([{ work_mem: '7MB' }]);
    } finally {
      await app.close();
      await database.drop();
    }
  });
});

describe('a host that has changed the parsers of the whole process', () => {
  const OIDS = [16, 20, 21, 23, 114, 1009, 1082, 1114, 1184, 1185, 2951, 3802];
  const known = new Map(OIDS.map((oid) => [oid, pg.types.getTypeParser(oid)]));
  let app: AuthTestApp;
  beforeAll(async () => {
    for (const oid of OIDS) pg.types.setTypeParser(oid, (text: string) => `host: ${text}`);
    app = await bootService(STRATEGIES);
  });
  afterAll(async () => {
    await app?.close();
    for (const [oid, parser] of known) pg.types.setTypeParser(oid, parser);
  });

  it('is no business of ours: people register, log in, make keys and log out', async () => {
    const user = await app.logIn({ changes: { roles: ['admin'] } });
    expect((await user.get('/auth/me')).body.user.roles).toEqual(['admin']);
    const { body } = await user.post('/auth/api-keys', { name: 'x', scopes: ['example:read'] });
    expect((await app.client().get('/example/scoped', { 'x-api-key': body.apiKey })).status).toBe(200);
    expect((await user.get('/admin/users')).status).toBe(200);
    const copied = user.copy();
    expect((await user.post('/auth/logout')).status).toBe(204);
    expect(codeOf(await copied.get('/auth/me'))).toBe('401 session_ended');
  });
});

describe('a database that cannot be relied on', () => {
  it('stops the start, all at once and each with its remedy', async () => {
    const name = `latin_${Math.random().toString(36).slice(2)}`;
    const usual = await freshDatabase();
    await inDatabase(usual, `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    const url = new URL(usual.url);
    url.pathname = `/${name}`;
    try {
      await expect(bootService({ databaseUrl: url.href })).rejects.toThrow(
        /DATABASE_URL points to a database with the encoding LATIN1.*\n +-> create a database with ENCODING 'UTF8'/,
      );
    } finally {
      await inDatabase(usual, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await usual.drop();
    }
  });

  it.each([
    ['DateStyle', `datestyle = 'German, DMY'`],
    ['isolation', `default_transaction_isolation = 'repeatable read'`],
  ])("stops a host's start whose own DataSource has another %s", async (what, setting) => {
    const database = await freshDatabase();
    await alter(database, setting);
    const dataSource = new DataSource({ type: 'postgres', url: database.url, entities: [...entities], poolSize: 2 });
    try {
      await dataSource.initialize();
      const booting = bootHost(dataSource);
      await expect(booting).rejects.toThrow(new RegExp(`${what} .*\\n +-> pin it in your DataSource`));
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  });

  it("stops a host's start whose parsers read instants as text, and takes a DataSource with `types` of its own", async () => {
    const database = await freshDatabase();
    const strange = { getTypeParser: () => String };
    const booted = async (extra: object) => {
      const dataSource = new DataSource({ type: 'postgres', url: database.url, entities: [...entities], extra });
      await dataSource.initialize();
      try {
        await (await bootHost(dataSource)).close();
      } finally {
        await dataSource.destroy();
      }
    };
    try {
      await expect(booted({ types: strange })).rejects.toThrow(
        /change the meaning of timestamp with time zone, integer, /,
      );
      await booted({});
    } finally {
      await database.drop();
    }
  });
});

describe("an instant that a host's own DataSource no longer reads, though it did at the start", () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let app: Awaited<ReturnType<typeof bootHost>>;
  let read: 'well' | 'as null' | 'as text' = 'well';
  beforeAll(async () => {
    database = await freshDatabase();
    const types = {
      getTypeParser: (oid: number, format?: 'text') => {
        if (oid !== 1184 || read === 'well') return pg.types.getTypeParser(oid, format);
        return read === 'as null' ? () => null : String;
      },
    };
    const url = { type: 'postgres', url: database.url } as const;
    dataSource = await new DataSource({ ...url, entities: [...entities], poolSize: 3, extra: { types } }).initialize();
    app = await bootHost(dataSource);
  });
  afterAll(async () => {
    read = 'well';
    await app?.close();
    await dataSource?.destroy();
    await database.drop();
  });
  afterEach(() => {
    read = 'well';
  });

  const CLOSED = expect.objectContaining({ code: 'internal_error' });
  const unreadable = async (ask: () => Promise<unknown>) => {
    for (const how of ['as null', 'as text'] as const) {
      read = how;
      await expect(ask()).rejects.toEqual(CLOSED);
    }
    read = 'well';
  };

  it('is of a lock that neither stands nor is over', async () => {
    const lockout = app.get(Lockout, { strict: false });
    await dataSource.query(
      `INSERT INTO coatcheck.lockouts (subject, failures, locked_until, expires_at) VALUES ('user:x', 9, now() + '1 hour', now() + '1 day')`,
    );
    const standing = () => lockout.stateOf('user:x');
    expect(await standing()).toEqual({ failures: 9, isLocked: true });
    await unreadable(standing);
    expect(await lockout.stateOf('user:y')).toEqual({ failures: 0, isLocked: false });
  });

  it('is of a device that is neither known nor unknown', async () => {
    const devices = app.get(KnownDevices, { strict: false });
    const { id, token, secretHash } = mintSecretToken();
    const user = randomUUID();
    await dataSource.query(
      `INSERT INTO coatcheck.users (id, email, roles, created_at) VALUES ($1, 'device@example.com', '{}', now())`,
      [user],
    );
    await dataSource.query(
      `INSERT INTO coatcheck.known_devices (id, user_id, email_hash, secret_hash, created_at, last_seen_at, expires_at, remembered_until)
       VALUES ($1, $2, $4, $3, now(), now(), now() + '1 day', now() + '1 day')`,
      [id, user, secretHash, app.get(LimitKeys, { strict: false }).email('device@example.com')],
    );
    const recognise = () => devices.recognise({ cookies: () => [] } as never, token);
    expect(await recognise()).toMatchObject({ id, rememberedUntil: expect.any(Date) });
    await unreadable(recognise);
  });
});

describe('what means "not now"', () => {
  it('is 503 with Retry-After, never 500: a row that another transaction holds', async () => {
    const database = await freshDatabase();
    await alter(database, `lock_timeout = '300ms'`);
    const app = await bootService({ databaseUrl: database.url, databasePoolSize: 3 });
    const holder = new Client({ connectionString: database.url });
    try {
      const user = await app.logIn();
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT FROM coatcheck.users FOR UPDATE');
      const reply = await request(user);
      expect(codeOf(reply)).toBe('503 unavailable');
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
      await holder.query('COMMIT');
      expect((await request(user)).status).toBe(200);
    } finally {
      await holder.end();
      await app.close();
      await database.drop();
    }
  });
});

async function bootHost(dataSource: DataSource) {
  const { nodeEnv, secretKey } = testOptions;
  @Module({ providers: [{ provide: 'host', useValue: dataSource }], exports: ['host'] })
  class HostData {}
  const options = { nodeEnv, secretKey, imports: [HostData], dataSource: 'host' };
  return NestFactory.createApplicationContext(AuthModule.forRoot(options), { logger: false, abortOnError: false });
}

function request(user: TestClient): Promise<TestReply> {
  return user.request('PATCH', '/auth/me', { name: 'Ada' });
}

function codeOf({ status, body }: TestReply): string {
  return body?.code ? `${status} ${body.code}` : String(status);
}

async function inDatabase(database: TestDatabase, sql: string) {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function alter(database: TestDatabase, setting: string) {
  return inDatabase(database, `ALTER DATABASE "${new URL(database.url).pathname.slice(1)}" SET ${setting}`);
}

/** As a failover does. */
function cut(database: TestDatabase) {
  return inDatabase(
    database,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
}
