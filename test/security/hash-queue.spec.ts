import type { DataSource } from 'typeorm';
import { coreOptions } from '../../src/config/core-options.js';
import { Options } from '../../src/config/options.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Argon2Hasher } from '../../src/factors/password/argon2-hasher.js';
import { HashGate } from '../../src/factors/password/hash-gate.js';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import { passwordOptions } from '../../src/factors/password/password-options.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

const PROXIED = { trustedProxies: ['127.0.0.1'], authStrategies: ['session'] as ('session' | 'jwt')[] };
const ABSURD = [
  '$argon2id$v=19$m=1048576,t=9999,p=1$c29tZXNhbHRzb21l$c29tZWhhc2hzb21laGFzaHNvbWVoYXNo',
  '$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHRzb21l$c29tZWhhc2hzb21laGFzaHNvbWVoYXNo',
  '$argon2id$v=19$m=1048576,t=5,p=1$c29tZXNhbHRzb21l$c29tZWhhc2hzb21laGFzaHNvbWVoYXNo',
  '$argon2id$v=19$m=65536,t=2,p=200$c29tZXNhbHRzb21l$c29tZWhhc2hzb21laGFzaHNvbWVoYXNo',
];
const answer = ({ status, body }: TestReply) => [status, body?.code];
const gateOf = (app: AuthTestApp) => app.app.get(HashGate, { strict: false });

/** Notes what is hashed, and waits while it is told to. */
class WatchedHasher extends Argon2Hasher {
  readonly begun: string[] = [];
  failing = false;
  private gate: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;

  constructor() {
    super(Options.resolve([coreOptions, passwordOptions], { nodeEnv: 'test', passwordHashMemoryKib: 64 }));
  }

  hold(): void {
    this.gate = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  letGo(): void {
    this.release();
  }

  override async hash(password: string) {
    this.begun.push(password);
    await this.gate;
    if (this.failing) throw new AuthError('unavailable', { reason: 'hashing_failed' });
    return super.hash(password);
  }

  override async verify(hash: string, password: string) {
    this.begun.push(password);
    await this.gate;
    if (this.failing) throw new AuthError('unavailable', { reason: 'hash_too_slow', retryAfterSeconds: 4 });
    return super.verify(hash, password);
  }
}

describe('M-6: a hash that costs more than a login may', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers(PROXIED);
  });
  afterAll(() => app.close());

  it('is not imported, in whatever form, and one that a login may cost is', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const own = await new WatchedHasher().hash('an engine weaves algebra');
    const users = [...ABSURD, ...ABSURD.map((hash) => `argon2${hash}`), own].map((passwordHash, i) => {
      return { email: `imported-${i}@example.com`, emailVerified: true, passwordHash };
    });
    const { status, body } = await admin.post('/admin/import', { users });
    const refused = Array.from({ length: 8 }, (_, index) => ({ index, reason: 'unknown_hash' }));
    expect([status, body]).toEqual([200, { imported: 1, refused }]);
    const login = { email: 'imported-8@example.com', password: 'an engine weaves algebra' };
    expect((await app.client().post('/auth/login', login)).status).toBe(200);
  });

  it('that is stored already matches nothing, at the cost of any other', async () => {
    const { email, password } = await app.register();
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    await database.query(
      'UPDATE coatcheck.passwords SET password_hash = $1 WHERE user_id = (SELECT id FROM coatcheck.users WHERE email = $2)',
      [ABSURD[0], email],
    );
    expect(answer(await app.client().post('/auth/login', { email, password }))).toEqual([401, 'invalid_credentials']);
  });
});

describe('M-11: the queue of hashes', () => {
  let app: AuthTestApp;
  const hasher = new WatchedHasher();
  beforeAll(async () => {
    const options = {
      ...PROXIED,
      passwordHashConcurrency: 1,
      passwordHashWaitSeconds: 60,
      requestDeadlineSeconds: 120,
    };
    app = await bootWithMadeUsers(options, [{ provide: PasswordHasher, useValue: hasher }]);
  });
  afterAll(() => app.close());

  const waiting = async (count: number) => {
    while (gateOf(app).waiting < count) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is shared by source: many registrations of one address keep no other client waiting', async () => {
    const ada = await app.register();
    hasher.hold();
    hasher.begun.length = 0;
    const flood = Array.from({ length: 30 }, (_, i) =>
      app.client({ 'x-forwarded-for': `2001:db8:5:${i}::1` }).post('/auth/register', {
        email: `flood-${i}@example.com`,
        password: 'quiet walruses sing nine',
      }),
    );
    await waiting(29);
    const login = app.client({ 'x-forwarded-for': '192.0.2.1' }).post('/auth/login', ada);
    await waiting(30);
    hasher.letGo();
    expect((await login).status).toBe(200);
    expect(hasher.begun.indexOf(ada.password)).toBeLessThanOrEqual(2);
    for (const { status } of await Promise.all(flood)) expect(status).toBe(202);
  }, 60_000);

  it('hashes once for a reset link that is used many times at once, and one use counts', async () => {
    const { email } = await app.register();
    await app.client().post('/auth/password/forgot', { email });
    const token = await app.mailedToken(email);
    hasher.begun.length = 0;
    const uses = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        app.client().post('/auth/password/reset', { token, password: `new password of use ${i}` }),
      ),
    );
    expect(uses.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(uses.filter(({ body }) => body?.code === 'invalid_token')).toHaveLength(19);
    expect(hasher.begun).toHaveLength(1);
  });

  it('refuses a login that could not be hashed for later: it counts as no failure, locks no account, and is audited as what it is', async () => {
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const ada = await app.register();
    const user = await app.logInAgain(ada);
    const logIn = (password = ada.password) => app.client().post('/auth/login', { email: ada.email, password });
    const stepUp = () => user.post('/auth/step-up', { password: ada.password });
    const left = async () => (await logIn('wrong')).headers.get('ratelimit-remaining');
    const before = await left();
    hasher.failing = true;
    // More than may fail before a lock, and than the limit of an address.
    for (let n = 0; n < 30; n += 1) {
      const { status, body, headers } = await logIn(n % 2 === 0 ? ada.password : 'wrong');
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '4']);
    }
    expect(answer(await stepUp())).toEqual([503, 'unavailable']);
    hasher.failing = false;
    expect(Number(await left())).toBe(Number(before) - 1);
    expect([(await logIn()).status, (await stepUp()).status]).toEqual([200, 200]);
    const counted = async (type: string, more = '') =>
      (await admin.get(`/admin/audit?limit=100&type=${type}${more}`)).body.events.map(
        ({ reason }: { reason: string }) => reason,
      );
    expect(await counted('login.unavailable')).toEqual(Array(30).fill('hash_too_slow'));
    expect(await counted('login.failed', `&userId=${user.userId}`)).toEqual(Array(2).fill('wrong_password'));
    expect(await counted('step_up.')).toEqual(expect.arrayContaining(['hash_too_slow']));
    expect(await counted('step_up.failed')).toEqual([]);
    expect(await counted('login.locked')).toEqual([]);
  });

  it('gives a reset link back when its password could not be hashed', async () => {
    const { email } = await app.register();
    await app.client().post('/auth/password/forgot', { email });
    const token = await app.mailedToken(email);
    const reset = () => app.client().post('/auth/password/reset', { token, password: 'nine quiet walruses sing' });
    hasher.failing = true;
    expect(answer(await reset())).toEqual([503, 'unavailable']);
    hasher.failing = false;
    expect((await reset()).status).toBe(204);
    expect(answer(await reset())).toEqual([400, 'invalid_token']);
  });
});

it('M-11: uses of reset links are limited per address, and say so', async () => {
  const app = await bootWithMadeUsers({ ...PROXIED, mailsPerIp: 3 });
  const use = (ip: string) =>
    app.client({ 'x-forwarded-for': ip }).post('/auth/password/reset', { token: 'x', password: 'nine quiet walruses' });
  const replies: TestReply[] = [];
  for (let i = 0; i < 4; i += 1) replies.push(await use('192.0.2.7'));
  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 429]);
  expect([replies[0]!, replies[3]!].map(({ headers }) => headers.get('ratelimit-limit'))).toEqual(['3', '3']);
  expect(replies[3]!.headers.get('retry-after')).toBe('900');
  expect((await use('192.0.2.8')).status).toBe(400);
  await app.close();
});
