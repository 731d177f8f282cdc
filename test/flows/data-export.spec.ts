import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { PERSONAL_DATA, type PersonalData } from '../../src/kernel/personal-data.js';
import { DataExport } from '../../src/profile/data-export.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { setUpTotp } from './authenticator-app.js';
import { overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const EXPORT = '/auth/me/export';
/** More than one statement reads, of one user. */
const MANY = 100_000;

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt', 'api-key'] });
}, 60_000);
afterAll(() => app.close());

const answer = ({ status, body }: TestReply) => [status, body?.code];
const query = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query(sql, values);
const exportsOf = async (userId: string) =>
  query(`SELECT id FROM coatcheck.audit_events WHERE user_id = $1 AND type = 'user.data_exported'`, [userId]);

overStrategies((strategy) => {
  it('is a file with every part of what is kept about the user, and nothing of anyone else', async () => {
    const [ada, bob] = [await app.logIn({ strategy, name: 'Ada' }), await app.logIn({ strategy })];
    const key = (await ada.post('/auth/api-keys', { name: 'nightly', scopes: ['example:read'] })).body;
    await app.client({ 'x-api-key': key.apiKey }).get('/auth/me');
    await ada.post('/auth/email/change', { email: 'ada-new@example.com', password: ada.password });
    const { status, headers, body, text } = await ada.get(EXPORT);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="account-data-\d{4}-\d\d-\d\d\.json"$/);
    const { parts } = body;
    const known = app.app.get<PersonalData[]>(PERSONAL_DATA, { strict: false }).map(({ name }) => name);
    expect(Object.keys(parts)).toEqual(known);
    expect(parts.user).toMatchObject([{ id: ada.userId, email: ada.email, name: 'Ada', roles: [] }]);
    expect(parts.sessions).toMatchObject([{ id: ada.sessionId, strategy, amr: ['pwd'] }]);
    expect(parts.devices).toHaveLength(1);
    expect(parts.factors).toMatchObject([{ factor: 'password' }]);
    expect(parts.apiKeys).toMatchObject([
      { id: key.id, name: 'nightly', revokedAt: null, usage: [{ requests: 1, refused: 0 }] },
    ]);
    expect(parts.emailChanges).toMatchObject([{ oldEmail: ada.email, newEmail: 'ada-new@example.com', madeAt: null }]);
    const types = parts.securityLog.map(({ type }: { type: string }) => type);
    expect(types).toEqual(expect.arrayContaining(['login.succeeded', 'api_key.created', 'user.data_exported']));
    expect(text).not.toContain(bob.userId);
    expect(text).not.toContain(bob.email);
  });

  it('has no secret of any kind, nor a hash of one', async () => {
    const ada = await app.logIn({ strategy });
    const key = (await ada.post('/auth/api-keys', { name: 'nightly', scopes: [] })).body;
    const { reply, secret } = await setUpTotp(app, ada);
    const { text } = await ada.get(EXPORT);
    const rows = [
      ...(await query<object>('SELECT secret_hash FROM coatcheck.api_keys WHERE user_id = $1', [ada.userId])),
      ...(await query<object>('SELECT secret_hash FROM coatcheck.sessions WHERE user_id = $1', [ada.userId])),
      ...(await query<object>('SELECT secret_hash FROM coatcheck.known_devices WHERE user_id = $1', [ada.userId])),
      ...(await query<object>('SELECT secret FROM coatcheck.totp_secrets WHERE user_id = $1', [ada.userId])),
      ...(await query<object>('SELECT code_hash FROM coatcheck.recovery_codes WHERE user_id = $1', [ada.userId])),
      ...(await query<object>('SELECT password_hash FROM coatcheck.passwords WHERE user_id = $1', [ada.userId])),
    ];
    const secrets = rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string');
    expect(secrets.length).toBeGreaterThan(12);
    const given = [key.apiKey.slice('cck_'.length + 33), secret, ...reply.body.recoveryCodes, ada.password];
    for (const one of [...secrets, ...given]) expect([one, text.includes(one)]).toEqual([one, false]);
    expect(JSON.parse(text).parts.factors.map(({ factor }: { factor: string }) => factor)).toEqual([
      'password',
      'totp',
      'recovery_code',
    ]);
  });

  it('needs a fresh proof, by the second factor of a user who has one, and is recorded only when it is given', async () => {
    const ada = await app.logIn({ strategy, transport: 'body' });
    app.clock.advance(11 * 60);
    const stale = await ada.get(EXPORT);
    expect([...answer(stale), stale.body.stepUp.amr, await exportsOf(ada.userId)]).toEqual([
      403,
      'step_up_required',
      [],
      [],
    ]);
    const { body } = await ada.post('/auth/step-up', { password: ada.password, transport: bodyIf(strategy) });
    takeToken(ada, body);
    expect((await ada.get(EXPORT)).status).toBe(200);
    expect(await exportsOf(ada.userId)).toHaveLength(1);

    await setUpTotp(app, ada);
    app.clock.advance(11 * 60);
    const again = await ada.post('/auth/step-up', { password: ada.password, transport: bodyIf(strategy) });
    takeToken(ada, again.body);
    const weak = await ada.get(EXPORT);
    expect([...answer(weak), weak.body.stepUp.amr]).toEqual([403, 'step_up_required', ['mfa']]);
    expect(await exportsOf(ada.userId)).toHaveLength(1);
  });
});

it('is given five times an hour', async () => {
  const ada = await app.logIn();
  const statuses = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await ada.get(EXPORT)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  expect(await exportsOf(ada.userId)).toHaveLength(5);
});

describe(`of a user with ${MANY} rows`, () => {
  let ada: TestUser;
  beforeAll(async () => {
    ada = await app.logIn();
    const newest = app.clock.now().getTime() - 1000;
    for (let done = 0; done < MANY; done += 10_000) {
      const ids = Array.from({ length: 10_000 }, (_, i) => uuidv7({ msecs: newest - done - i }));
      await query(
        `INSERT INTO coatcheck.audit_events (id, at, type, user_id, ip, user_agent, details)
           SELECT id, now(), 'login.failed', $2, '192.0.2.7', $3, '{}' FROM unnest($1::uuid[]) AS id`,
        [ids, ada.userId, FIREFOX],
      );
    }
  }, 120_000);

  it('is complete', async () => {
    const { body } = await ada.get(EXPORT);
    const entries: { id: string; type: string }[] = body.parts.securityLog;
    expect(entries.filter(({ type }) => type === 'login.failed')).toHaveLength(MANY);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });

  it('is read as fast as the client reads it: a client that does not read costs a few statements and no connection', async () => {
    const statements = new Statements();
    const reply = await open(ada);
    await statements.untilStill(ada);
    // What the sockets between hold, and not all of it.
    const whileHeld = statements.count;
    expect(whileHeld).toBeLessThan(MANY / 200 / 2);
    expect(JSON.parse(await rest(reply)).parts.securityLog.length).toBeGreaterThan(MANY);
    expect(statements.restore()).toBeGreaterThan(whileHeld);
  });

  it('is read no further when the client hangs up', async () => {
    const statements = new Statements();
    const reply = await open(ada);
    const closed = new Promise((resolve) => reply.once('close', resolve));
    reply.destroy();
    await closed;
    await statements.untilStill(ada);
    expect(statements.restore()).toBeLessThan(MANY / 200 / 2);
  });
});

it('is cut off, and so no valid JSON, when a part fails under way', async () => {
  const exports = app.app.get(DataExport, { strict: false });
  const parts = app.app.get<PersonalData[]>(PERSONAL_DATA, { strict: false });
  const failing = { name: 'failing', pagesOf: failingPages } as unknown as PersonalData;
  const broken = Object.assign(Object.create(Object.getPrototypeOf(exports)), exports, { parts: [parts[0], failing] });
  const ada = await app.logIn();
  const session = { id: ada.sessionId, userId: ada.userId, authenticatedAt: app.clock.now(), amr: ['pwd'] };
  const auth = { by: 'session', user: { id: ada.userId }, session } as unknown as Parameters<DataExport['begin']>[0];
  const { content } = await broken.begin(auth, { ip: null, userAgent: null, requestId: randomUUID() });
  const chunks: Buffer[] = [];
  await expect(
    (async () => {
      for await (const chunk of content) chunks.push(chunk);
    })(),
  ).rejects.toThrow('gone');
  expect(() => JSON.parse(Buffer.concat(chunks).toString())).toThrow();
});

/** Counts those that read the log. */
class Statements {
  count = 0;
  private readonly spy: jest.SpyInstance;

  constructor() {
    const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const runner = dataSource.query.bind(dataSource);
    this.spy = jest.spyOn(dataSource, 'query').mockImplementation((...args: Parameters<typeof runner>) => {
      if (args[0].includes('audit_events event')) this.count += 1;
      return runner(...args);
    });
  }

  /** Two looks in turn, with other requests between them, find the same. */
  async untilStill(user: TestUser): Promise<void> {
    for (let before = -1; before !== this.count; ) {
      before = this.count;
      for (let i = 0; i < 20; i += 1) expect((await user.get('/auth/sessions')).status).toBe(200);
    }
  }

  restore(): number {
    this.spy.mockRestore();
    return this.count;
  }
}

async function* failingPages(): AsyncGenerator<object[]> {
  yield [{ one: 1 }];
  throw new Error('gone');
}

/** The reply, of which nothing is read yet. */
function open(user: TestUser): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${app.url}${EXPORT}`, { headers: user.headers }, (reply) => resolve(reply.pause())).on('error', reject);
  });
}

async function rest(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function bodyIf(strategy: string): 'body' | undefined {
  return strategy === 'jwt' ? 'body' : undefined;
}

function takeToken(user: TestUser, body: { accessToken?: string }): void {
  if (body?.accessToken) user.defaults.authorization = `Bearer ${body.accessToken}`;
}
