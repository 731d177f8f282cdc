import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { AuditRecords } from '../../src/audit/audit-records.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { type AuthTestApp, type TestUser, testOptions } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Pooler } from '../pooler.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { type Outcome, runAsProcess, runHere } from './run-command.js';

describe('the command line', () => {
  let database: TestDatabase;
  let app: AuthTestApp;
  beforeAll(async () => {
    database = await freshDatabase();
    app = await bootWithMadeUsers({
      databaseUrl: database.url,
      accessTokenSeconds: 900,
      authStrategies: ['session', 'jwt', 'api-key'],
    });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const environmentWith = (environment: Record<string, string>) => ({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    SECRET_KEY: testOptions.secretKey!,
    AUTH_STRATEGIES: 'session,jwt',
    PASSWORD_HASH_MEMORY_KIB: '64',
    ...environment,
  });
  const run = (args: readonly string[], input = '', environment: Record<string, string> = {}): Promise<Outcome> =>
    runHere(args, input, environmentWith(environment));
  /**
   * As an admin does. Starting takes a second of computing: only what depends on the process is asked so. Standard input of a process, and
   * refusals of one: `lab/fixtures/whole-app.spec.ts`.
   */
  const runOutside = (args: readonly string[], input = '', environment: Record<string, string> = {}) =>
    runAsProcess(args, input, environmentWith(environment));
  const codeOf = async (user: TestUser) => (await user.get('/auth/me')).body.code ?? 200;

  it('says once that another process uses the embedded database, and what to do about it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-in-use-'));
    writeFileSync(join(folder, 'postgres.lock'), `${process.pid}\n`);
    try {
      const { DATABASE_URL: _, ...environment } = environmentWith({ DATA_DIR: folder });
      const refused = await runAsProcess(['create-service-user', 'orders'], '', environment);
      expect([refused.code, refused.out]).toEqual([1, '']);
      expect(refused.err.split(`in use by process ${process.pid},`)).toHaveLength(2);
      expect(refused.err).toContain('Stop that process');
      expect(refused.err).not.toContain('->');
      // The doctor has a line for each problem, and one for its remedy.
      const { code, out } = await runAsProcess(['doctor'], '', environment);
      expect(code).toBe(1);
      expect(out.match(/->.*/g)).toEqual([expect.stringContaining('-> Stop that process')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says its version, which is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('makes an admin, whose password comes by standard input and is printed nowhere', async () => {
    const email = 'root@example.com';
    const password = 'nine quiet otters swim';
    const made = await run(['create-admin', email], `${password}\n`);
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^created [0-9a-f-]{36}\n$/)]);
    expect(made.out + made.err).not.toContain(password);
    const { body } = await app.client().post('/auth/login', { email, password });
    expect(body.user.roles).toEqual(['admin']);
    const weak = await run(['create-admin', 'weak@example.com'], 'short\n');
    expect([weak.code, weak.err]).toEqual([1, expect.stringContaining('at least 8')]);
    const taken = await run(['create-admin', email], `${password}\n`);
    expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('->')]);
  });

  it.each([
    ['session', 'ban'],
    ['jwt', 'logout'],
    ['jwt', 'revoke-all'],
  ] as const)('ends a %s by %s in the next request to a running node', async (strategy, command) => {
    const user = await app.logIn({ strategy, transport: 'body' });
    expect(await codeOf(user)).toBe(200);
    // One of them from a process of its own, as a node among others.
    const ask = command === 'ban' ? runOutside : run;
    const { code, err } = await ask(command === 'revoke-all' ? [command] : [command, user.email]);
    expect([code, err]).toEqual([0, '']);
    expect(await codeOf(user)).toBe('session_ended');
  });

  it('lets a banned user in again, and rotates the keys under a live token', async () => {
    const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    expect((await run(['ban', user.userId, '--reason', 'spam', '--until', '2100-01-01T00:00:00Z'])).code).toBe(0);
    expect((await run(['unban', user.email])).code).toBe(0);
    const again = await app.logInAgain({ ...user, strategy: 'jwt', transport: 'body' });
    expect((await run(['rotate-keys'])).code).toBe(0);
    expect(await codeOf(again)).toBe(200);
    const events = await app.app.get(AuditRecords, { strict: false }).find({ type: 'signing_key.rotated' }, 10);
    expect(events).toHaveLength(1);
  });

  it('takes keys that may have leaked away at once: their tokens are to be refreshed', async () => {
    const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    expect((await run(['rotate-keys', '--now'])).code).toBe(0);
    expect(await codeOf(user)).toBe('token_expired');
    const { refreshToken } = user;
    expect((await app.client().post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('makes a service user and a key for it, which a running node accepts', async () => {
    const environment = { AUTH_STRATEGIES: 'session,jwt,api-key' };
    const made = await run(['create-service-user', 'orders', '--role', 'clerk'], '', environment);
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^created [0-9a-f-]{36}\n$/)]);
    const id = made.out.trim().slice('created '.length);
    const order = ['create-key', id, '--name', 'sync', '--scope', 'example:read'];
    const key = await run(order, '', environment);
    expect([key.code, key.out]).toEqual([0, expect.stringMatching(/^cck_[0-9a-f]{32}_[0-9A-Za-z]{49}\n$/)]);
    const me = await app.client({ 'x-api-key': key.out.trim() }).get('/auth/me');
    expect([me.status, me.body.user.roles]).toEqual([200, ['clerk']]);
    expect((await run(order)).err).toContain('api-key');
    const person = await app.logIn();
    expect((await run(['create-key', person.email, '--name', 'spy'], '', environment)).code).toBe(1);
  });

  it('makes OAuth clients, lists them, and renews their secrets', async () => {
    const environment = { AUTH_STRATEGIES: 'session,oauth' };
    // On an old Node the library says so on the console, which here is captured with what is printed.
    const printed = ({ out }: { out: string }) => JSON.parse(out.trimEnd().split('\n').at(-1)!);
    const add = ['clients', 'add', 'Shop', '--redirect-uri', 'https://shop.example.com/callback'];
    const after = ['--post-logout-redirect-uri', 'https://shop.example.com/', 'https://shop.example.com/bye'];
    const told = ['--backchannel-logout-uri', 'https://shop.example.com/logout'];
    const made = await run([...add, ...after, ...told], '', environment);
    expect(made.code).toBe(0);
    const { clientId, clientSecret } = printed(made);
    expect(clientSecret).toMatch(/^[\w-]{43}$/);
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const [{ metadata }] = await database.query('SELECT metadata FROM coatcheck.oauth_clients WHERE id = $1', [
      clientId,
    ]);
    expect(metadata).toMatchObject({ post_logout_redirect_uris: after.slice(1), backchannel_logout_uri: told[1] });
    const renewed = await run(['clients', 'secret', clientId, '--overlap', '0'], '', environment);
    expect(printed(renewed).clientSecret).not.toBe(clientSecret);
    const unknown = await run(['clients', 'secret', '01a229c8-1211-73d0-8370-5aabdb626e9a'], '', environment);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is no such client.')]);
    const listed = await run(['clients', 'list'], '', environment);
    expect(printed(listed)).toEqual({ id: clientId, name: 'Shop', origin: 'admin', disabled: false });
    const wrong = await run(['clients', 'add', 'Shop', '--redirect-uri', 'ftp://shop.example.com'], '', environment);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('redirectUris must contain only valid URIs')]);
    expect((await run(add)).err).toContain('AUTH_STRATEGIES');
  });

  it('imports JSON lines in batches, and names those it cannot', async () => {
    const lines = Array.from({ length: 1100 }, (_, i) => JSON.stringify({ email: `moved-${i}@example.com` }));
    const { code, out, err } = await run(['import'], [...lines, 'no json', '[]', lines[0]].join('\n'));
    const brought = 'came along: passwords 0, bans 0, usernames 0, authenticator apps 0, passkeys 0, admins 0';
    expect([code, out]).toEqual([1, `1100 imported, 3 refused\n  note: address_unverified: 1100\n  ${brought}\n`]);
    expect(err).toMatch(/line 1101: not_a_user[\s\S]*line 1102: not_a_user[\s\S]*line 1103: taken/);
    expect((await run(['import', '/no/such/file'])).code).toBe(1);
  });

  it('exports the audit as JSON lines', async () => {
    const { code, out } = await run(['audit', 'export', '--type', 'user.imported']);
    expect([code, out.trimEnd().split('\n').length]).toEqual([0, 1100]);
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ type: 'user.imported', actorId: null });
  });

  it('says by doctor what is wrong and what to do, all of it, and nothing secret', async () => {
    const well = await run(['doctor']);
    expect([well.code, well.out]).toEqual([0, expect.stringContaining('ok    database')]);
    const wrong = await run(['doctor'], '', { SECRET_KEY: 'hunter2', PUBLIC_URL: 'ftp://x' });
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/PUBLIC_URL[\s\S]*->[\s\S]*SECRET_KEY[\s\S]*->/);
    expect(wrong.out + wrong.err).not.toContain('hunter2');
    const url = 'postgres://who:hunter2@127.0.0.1:9/none';
    const lost = await run(['doctor'], '', { DATABASE_URL: url });
    expect([lost.code, lost.out]).toEqual([1, expect.stringMatching(/FAIL {2}database[\s\S]*->/)]);
    expect(lost.out + lost.err).not.toContain('hunter2');
  });

  it('says by doctor that a pooler in transaction mode is in between, and is content with one in session mode', async () => {
    for (const [mode, told] of [
      [
        'transaction',
        /^WARN {2}database: points to a pooler in transaction mode: .*\n +-> set DATABASE_DIRECT_URL to the server itself/m,
      ],
      ['session', /^ok {4}database$/m],
    ] as const) {
      const pooler = new Pooler(database.url, mode);
      try {
        const { code, out } = await run(['doctor'], '', { DATABASE_URL: await pooler.open() });
        expect([mode, code, out]).toEqual([mode, 0, expect.stringMatching(told)]);
      } finally {
        pooler.close();
      }
    }
  });

  it('is told by doctor of no setting of the database that connections pin, whatever it is', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const alter = (what: string) => inDatabase(database, `ALTER DATABASE "${name}" ${what}`);
    await alter(`SET datestyle = 'German, DMY'`);
    await alter(`SET default_transaction_isolation = 'serializable'`);
    try {
      const { code, out } = await run(['doctor']);
      expect([code, out]).toEqual([0, expect.stringMatching(/^ok {4}database$/m)]);
    } finally {
      await alter('RESET ALL');
    }
  });

  it('says by doctor which database cannot be relied on, and what to do', async () => {
    const name = `latin_${randomBytes(6).toString('hex')}`;
    await inDatabase(database, `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    try {
      const { code, out } = await run(['doctor'], '', { DATABASE_URL: url.href });
      expect([code, out]).toEqual([
        1,
        expect.stringMatching(
          /^FAIL {2}database: .* the encoding LATIN1.*\n +-> create a database with ENCODING 'UTF8'/m,
        ),
      ]);
    } finally {
      await inDatabase(database, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  });

  it('is told by doctor of no setting that only our own connections have, when the application has lent its DataSource', async () => {
    const host = join(__dirname, 'host-with-own-data-source.mjs');
    const { code, out, err } = await runOutside(['--app', host, 'doctor']);
    expect([code, out, err]).toEqual([0, expect.stringContaining('ok    database\n'), '']);
  });

  it('refuses what it does not know', async () => {
    for (const args of [['frobnicate'], ['ban'], ['ban', 'nobody@example.com'], ['ban', 'x', '--until', 'soon']]) {
      const { code, err } = await (args[0] === 'frobnicate' ? runOutside : run)(args);
      expect([args, code, err]).toEqual([args, 1, expect.stringMatching(/\w/)]);
    }
  });
});

async function inDatabase({ url }: TestDatabase, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
