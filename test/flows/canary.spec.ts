import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { SoftwareAuthenticator, TestClient, type TestReply } from '../../src/testing/index.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { codeAt } from './authenticator-app.js';

const MAIN = resolve(__dirname, '../../dist/src/main.js');
const secretKey = randomBytes(32).toString('base64url');
const pepper = randomBytes(32).toString('base64url');
const bootstrapToken = `canary-bootstrap-${randomBytes(16).toString('hex')}`;

/** Everything that was secret, and everything that was refused, as it went by. */
class Witness extends TestClient {
  static readonly tickets = new Set<string>();
  static readonly refusals: string[] = [];

  override async request(...given: Parameters<TestClient['request']>): Promise<TestReply> {
    const reply = await super.request(...given);
    for (const line of reply.setCookies) Witness.keep(line.slice(line.indexOf('=') + 1, line.indexOf(';')));
    for (const name of ['accessToken', 'refreshToken', 'apiKey', 'loginToken', 'challenge'])
      if (reply.body?.[name]) Witness.keep(reply.body[name]);
    if (reply.status >= 400) Witness.refusals.push(reply.text);
    return reply;
  }

  /** The part that opens something: of `<id>.<secret>` and of a key the secret, of a JWT its signature. Ids may be told. */
  static keep(ticket: string): void {
    const secret = ticket.split(/[.]|_(?=\w{49}$)/).at(-1)!;
    if (secret.length > 20) Witness.tickets.add(secret);
  }
}

describe('no secret is found where it must not be', () => {
  const passwords = Array.from({ length: 6 }, () => `canary ${randomBytes(12).toString('hex')}`);
  const mailed = new Set<string>();
  let database: TestDatabase;
  let child: ChildProcess;
  let url: string;
  let output = '';
  let rows = '';
  let mails = '';

  beforeAll(async () => {
    database = await freshDatabase();
    await start();
    await everyFlow();
    const outbox = await new TestClient(url).get('/dev/outbox', { accept: 'application/json' });
    mails = outbox.text;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
    rows = await everyRow();
  }, 120_000);
  afterAll(async () => {
    // Where a flow has failed it lives still, and would keep the run from ending.
    child?.kill('SIGKILL');
    await database?.drop();
  });

  it('has seen enough to mean something', () => {
    expect(Witness.tickets.size).toBeGreaterThan(10);
    expect(mailed.size).toBeGreaterThanOrEqual(3);
    expect(Witness.refusals.length).toBeGreaterThan(10);
    expect(output).toContain('[audit]');
    expect(output.length).toBeGreaterThan(5000);
    expect(rows).toContain('login.failed');
    expect(mails).toContain('token=');
  });

  it.each(['log', 'rows of the database', 'refusals', 'mails'] as const)('passwords: not in the %s', (where) => {
    for (const password of passwords) expect(text(where).includes(password)).toBe(false);
  });

  it.each(['log', 'rows of the database', 'refusals', 'mails'] as const)('tickets: not in the %s', (where) => {
    for (const ticket of Witness.tickets) expect([ticket, text(where).includes(ticket)]).toEqual([ticket, false]);
  });

  it.each(['log', 'rows of the database', 'refusals'] as const)('mailed tokens: not in the %s', (where) => {
    for (const token of mailed) expect([token, text(where).includes(token)]).toEqual([token, false]);
  });

  it.each(['log', 'rows of the database', 'refusals', 'mails'] as const)('keys: not in the %s', (where) => {
    for (const key of [secretKey, pepper, bootstrapToken]) expect(text(where).includes(key)).toBe(false);
  });

  it.each(['log', 'refusals'] as const)('addresses: not in the %s', (where) => {
    expect(text(where)).not.toMatch(/canary-[\w-]+@example\.com/i);
  });

  function text(where: 'log' | 'rows of the database' | 'refusals' | 'mails'): string {
    return { log: output, 'rows of the database': rows, refusals: Witness.refusals.join('\n'), mails }[where];
  }

  async function start(): Promise<void> {
    const env = {
      ...process.env,
      NODE_ENV: 'development',
      DATABASE_URL: database.url,
      SECRET_KEY: secretKey,
      PASSWORD_PEPPERS: `one:${pepper}`,
      BOOTSTRAP_TOKEN: bootstrapToken,
      AUTH_STRATEGIES: 'session,jwt,api-key',
      LOG_LEVEL: 'verbose',
      LOGIN_ATTEMPTS: '1000',
      PUBLIC_URL: 'http://localhost:3000',
      PORT: '0',
      MANAGEMENT_PORT: '0',
    };
    child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    url = await new Promise((found, fail) => {
      const read = (chunk: Buffer) => {
        output += chunk;
        const match = /listens on (http:\/\/[^\s,]+)/.exec(output);
        if (match) found(match[1]!);
      };
      child.stdout!.on('data', read);
      child.stderr!.on('data', read);
      child.once('exit', () => fail(new Error(output)));
    });
  }

  async function everyFlow(): Promise<void> {
    const [first, second, third, wrong, weak] = passwords as [string, string, string, string, string];
    const email = `canary-${randomBytes(4).toString('hex')}@example.com`;
    const anybody = new Witness(url);
    await anybody.post('/auth/register', { email, password: first, name: 'Ada' });
    await anybody.post('/auth/register', { email: 'no address', password: weak });
    await anybody.post('/auth/register', { email, password: { $ne: weak } });
    await anybody.post('/auth/register', `{"email":"${email}","password":"${weak}`);
    await anybody.post('/auth/login', { email, password: first });
    await anybody.post('/auth/email/verify', { token: await mailedToken(email) });
    await anybody.post('/auth/email/verify', { token: [...mailed][0] });
    for (const strategy of ['session', 'jwt'] as const) await lifeOf(strategy, email, first, wrong);
    await passkeys(email, first);
    await anybody.post('/auth/password/forgot', { email });
    const reset = await mailedToken(email);
    await anybody.post('/auth/password/reset', { token: reset, password: 'short' });
    await anybody.post('/auth/password/reset', { token: reset, password: second });
    await anybody.post('/auth/password/reset', { token: reset, password: third });
    await account(email, second, third, wrong);
    await anybody.post('/admin/bootstrap', {
      token: `${bootstrapToken}x`,
      email: `canary-a-${email}`,
      password: first,
    });
    await anybody.post('/admin/bootstrap', { token: bootstrapToken, email: `canary-a-${email}`, password: first });
  }

  async function lifeOf(strategy: 'session' | 'jwt', email: string, password: string, wrong: string): Promise<void> {
    for (const transport of strategy === 'jwt' ? (['body', 'cookie', 'split'] as const) : [undefined, 'cookie']) {
      const client = new Witness(url);
      await client.post('/auth/login', { email, password: wrong, strategy, transport });
      const { body } = await client.post('/auth/login', { email, password, strategy, transport });
      const bearer = body.accessToken ? { authorization: `Bearer ${body.accessToken}` } : undefined;
      await client.get('/auth/me', bearer);
      await client.get(`/auth/me?access_token=${body.accessToken}`);
      await client.get('/auth/me', { authorization: `Bearer ${body.accessToken}x` });
      await client.post('/auth/refresh', body.refreshToken ? { refreshToken: body.refreshToken } : undefined);
      await client.post('/auth/refresh', body.refreshToken ? { refreshToken: `${body.refreshToken}x` } : undefined);
      await client.get('/auth/sessions', bearer);
      await client.post('/auth/logout', undefined, bearer);
      await client.get('/auth/me', bearer);
    }
  }

  async function passkeys(email: string, password: string): Promise<void> {
    const authenticator = new SoftwareAuthenticator({ origin: 'http://localhost:3000' });
    const client = new Witness(url);
    await client.post('/auth/login', { email, password, strategy: 'session' });
    const { body: creation } = await client.post('/auth/factors/passkeys/options', { password });
    const credential = authenticator.create(creation);
    const { status, body: passkey } = await client.post('/auth/factors/passkeys', { credential });
    expect(status).toBe(201);
    await client.post('/auth/factors/passkeys', { credential });
    for (const wrong of [{ signature: 'flipped' as const }, {}]) {
      const { body: options } = await client.post('/auth/login/passkey/options', { email });
      await client.post('/auth/login/passkey', { credential: authenticator.get(options, wrong), strategy: 'session' });
    }
    const half = await new Witness(url).post('/auth/login', { email, password });
    expect(half.body.status).toBe('factor_required');
    await client.post('/auth/login/passkey/options', { loginToken: `${half.body.loginToken}x` });
    await client.post('/auth/step-up/passkey/options');
    expect((await client.delete(`/auth/factors/passkeys/${passkey.id}`)).status).toBe(204);
  }

  async function account(email: string, password: string, next: string, wrong: string): Promise<void> {
    const client = new Witness(url);
    await client.post('/auth/login', { email, password, strategy: 'session' });
    await client.post('/auth/password/change', { currentPassword: wrong, newPassword: next });
    await client.post('/auth/password/change', { currentPassword: password, newPassword: next });
    const changed = `canary-new-${email}`;
    await client.post('/auth/email/change', { email: changed, password: wrong });
    await client.post('/auth/email/change', { email: changed, password: next });
    await client.post('/auth/email/change/confirm', { token: await mailedToken(changed) });
    await secondFactors(client, changed, next);
    await client.post('/auth/step-up', { password: wrong });
    await client.post('/auth/step-up', { password: next });
    await lifeOfKey(client);
    await client.request('DELETE', '/auth/me', { password: wrong });
    await client.request('DELETE', '/auth/me', { password: next });
  }

  async function lifeOfKey(owner: Witness): Promise<void> {
    const machine = new Witness(url);
    const { apiKey, id } = (await owner.post('/auth/api-keys', { name: 'canary', scopes: [] })).body;
    await owner.post('/auth/api-keys', { name: apiKey, scopes: [apiKey], key: apiKey });
    await machine.get('/auth/me', { 'x-api-key': apiKey });
    await machine.get('/auth/me', { authorization: `Bearer ${apiKey}` });
    await machine.get(`/auth/me?apiKey=${apiKey}`);
    await machine.get('/auth/me', { 'x-api-key': `${apiKey}x` });
    await machine.get('/auth/me', { authorization: `Bearer ${apiKey}`, 'x-api-key': apiKey });
    await machine.get('/auth/api-keys', { 'x-api-key': apiKey });
    const { body } = await owner.post(`/auth/api-keys/${id}/rotate`, { overlapSeconds: 0 });
    await machine.get('/auth/me', { 'x-api-key': apiKey });
    await owner.delete(`/auth/api-keys/${body.id}`);
    await machine.get('/auth/me', { 'x-api-key': body.apiKey });
  }

  async function secondFactors(client: Witness, email: string, password: string): Promise<void> {
    const { secret } = (await client.post('/auth/factors/totp', { password })).body;
    await client.post('/auth/factors/totp/confirm', { code: '000000' });
    const confirmed = await client.post('/auth/factors/totp/confirm', { code: codeAt(secret, new Date()) });
    expect(confirmed.status).toBe(200);
    for (const shown of [secret, ...confirmed.body.recoveryCodes]) Witness.tickets.add(shown);
    const other = new Witness(url);
    const { loginToken } = (await other.post('/auth/login', { email, password })).body;
    Witness.keep(loginToken);
    await other.post('/auth/login/factor', { loginToken, factor: 'totp', code: '000000' });
    const [code] = confirmed.body.recoveryCodes;
    const whole = await other.post('/auth/login/factor', { loginToken, factor: 'recovery_code', code });
    expect(whole.status).toBe(200);
    await other.post('/auth/step-up', { factor: 'recovery_code', code });
    await other.delete('/auth/factors/totp');
    await client.post('/auth/login', { email, password });
  }

  async function mailedToken(to: string): Promise<string> {
    const { body } = await new TestClient(url).get('/dev/outbox', { accept: 'application/json' });
    const mail = body.mails.find((one: { to: string }) => one.to === to);
    const token = /token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
    if (!token) throw new Error(`nothing was mailed to ${to}: ${JSON.stringify(body.mails)}`);
    mailed.add(token.split('.').at(-1)!);
    return token;
  }

  /** Every row of every table, as text. */
  async function everyRow(): Promise<string> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const tables = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'coatcheck'`);
    const found: string[] = [];
    for (const { tablename } of tables.rows) {
      const { rows: all } = await client.query(`SELECT t::text AS row FROM coatcheck."${tablename}" t`);
      found.push(...all.map(({ row }) => row));
    }
    await client.end();
    return found.join('\n');
  }
});
