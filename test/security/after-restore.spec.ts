import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { type AuthTestApp, testOptions } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { Granting } from '../oauth/granting.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const CLI = join(__dirname, '../../dist/src/cli/main.js');
const STRATEGIES = ['session', 'jwt', 'api-key'];

describe('a database that was restored from a backup', () => {
  let database: TestDatabase;
  let backup: URL;
  beforeAll(async () => {
    database = await freshDatabase();
    backup = new URL(database.url);
    backup.pathname += '_backup';
  });
  afterAll(async () => {
    await inDatabase(`DROP DATABASE IF EXISTS "${backup.pathname.slice(1)}" WITH (FORCE)`);
    await database.drop();
  });

  const inDatabase = async (sql: string) => {
    // A database that is copied may have no connection.
    const server = new URL(database.url);
    server.pathname = '/postgres';
    const client = new Client({ connectionString: server.href });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };

  it('lets nothing act that had ended since, once `after-restore` has run', async () => {
    let app = await boot(database.url);
    const clock = app.clock;
    const cookie = await app.logIn({ strategy: 'session' });
    const token = await app.logInAgain({
      email: cookie.email,
      password: cookie.password,
      strategy: 'jwt',
      transport: 'body',
    });
    const { body: key } = await cookie.post('/auth/api-keys', { name: 'x', scopes: ['example:read'] });
    const before = new Granting(app);
    const clientId = await before.client();
    const grants = [await before.grant(cookie, clientId), await before.grant(cookie, clientId, 'offline')];
    await before.consents.give(await before.owner(cookie), clientId, { openid: ['openid'] });
    await app.client().post('/auth/password/forgot', { email: cookie.email });
    const link = await app.mailedToken(cookie.email);
    const newcomer = { email: 'newcomer@example.com', password: 'an engine weaves algebra' };
    await app.client().post('/auth/register', newcomer);
    const registration = await app.mailedToken(newcomer.email);
    await app.close();
    await inDatabase(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${new URL(database.url).pathname.slice(1)}'`,
    );
    await inDatabase(
      `CREATE DATABASE "${backup.pathname.slice(1)}" TEMPLATE "${new URL(database.url).pathname.slice(1)}"`,
    );

    const outcomes = async () => [
      (await app.client().get('/auth/me', { cookie: `session=${cookie.cookie('session')}` })).status,
      (await app.client().get('/auth/me', { authorization: `Bearer ${token.accessToken}` })).status,
      (await app.client().post('/auth/refresh', { refreshToken: token.refreshToken })).status,
      (await app.client().get('/example/scoped', { 'x-api-key': key.apiKey })).status,
    ];
    const granted = async () => {
      const on = new Granting(app);
      const consent = await on.consents.find(cookie.userId, clientId);
      return [...(await Promise.all(grants.map((id) => on.isGood(id)))), consent !== null];
    };
    // Without it all of them act again.
    app = await boot(backup.href, clock);
    expect(await outcomes()).toEqual([200, 200, 200, 200]);
    expect(await granted()).toEqual([true, true, true]);
    await app.close();

    expect(await run(['after-restore'], backup.href)).toEqual([0, expect.stringContaining('have been revoked')]);
    app = await boot(backup.href, clock);
    expect(await outcomes()).toEqual([401, 401, 401, 401]);
    expect(await granted()).toEqual([false, false, false]);
    const reset = await app.client().post('/auth/password/reset', { token: link, password: 'another good password' });
    expect([reset.status, reset.body.code]).toEqual([400, 'invalid_token']);
    const verified = await app.client().post('/auth/email/verify', { token: registration });
    expect([verified.status, verified.body.code]).toEqual([400, 'invalid_token']);
    // Whoever registered asks for another link, as after a mail that was lost.
    await app.client().post('/auth/email/verification', { email: newcomer.email });
    const again = await app.client().post('/auth/email/verify', { token: await app.mailedToken(newcomer.email) });
    expect(again.status).toBe(204);
    expect((await app.client().post('/auth/login', { email: cookie.email, password: cookie.password })).status).toBe(
      200,
    );
    await app.close();
  }, 120_000);
});

function boot(databaseUrl: string, clock?: AuthTestApp['clock']): Promise<AuthTestApp> {
  return bootService({ databaseUrl, authStrategies: STRATEGIES }, [], clock);
}

function run(args: readonly string[], databaseUrl: string): Promise<[number | null, string]> {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: testOptions.secretKey,
    AUTH_STRATEGIES: STRATEGIES.join(),
    PASSWORD_HASH_MEMORY_KIB: '64',
  };
  const child = spawn(process.execPath, [CLI, ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve([code, output])));
}
