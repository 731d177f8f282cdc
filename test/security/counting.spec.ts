import type { Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';
import { TypeormUserStore } from '../../src/users/typeorm-user.store.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { isInstalled, ownServer } from '../servers-of-this-run.js';
import { expected } from './holder.js';

const WRONG = 'wrong horse battery staple';
const PROXIED = { trustedProxies: ['127.0.0.1'] };

let addresses = 0;
/** One that no test has used before. */
const newAddress = () => `198.51.${100 + Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;
const statusOf = ({ status }: TestReply) => status;
const answer = ({ status, body }: TestReply) => [status, body?.code];
const databaseOf = (app: AuthTestApp) => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
const rowsOf = async (app: AuthTestApp, table: string) =>
  Number((await databaseOf(app).query(`SELECT count(*) FROM coatcheck.${table}`))[0].count);
/** The audit hears of a refusal after it has been answered. */
const toldOfRefusals = async (app: AuthTestApp, count: number) => {
  const sql = `SELECT FROM coatcheck.audit_events WHERE type = 'limit.exceeded'`;
  while ((await databaseOf(app).query(sql)).length < count) await new Promise((resolve) => setTimeout(resolve, 10));
};
const post = (app: AuthTestApp, ip: string, path: string, body: object) =>
  app.client({ 'x-forwarded-for': ip }).post(path, body);
const logIn = (app: AuthTestApp, ip: string, email: string, password = WRONG) =>
  post(app, ip, '/auth/login', { email, password });

// Rules share a service where each counts what nobody else does: by addresses of its own, at users of its own.
let five: AuthTestApp;
let usual: AuthTestApp;
beforeAll(async () => {
  five = await bootWithMadeUsers({ ...PROXIED, loginAttempts: 5 });
  usual = await bootWithMadeUsers(PROXIED);
});
afterAll(async () => {
  await five.close();
  await usual.close();
});

describe('H-5: a guess counts whatever is answered', () => {
  const guessAt = async (app: AuthTestApp, ip: string, email: string, guess: string) => {
    // What used to make the refusal look like another one.
    await post(app, newAddress(), '/auth/register', { email, password: guess });
    return logIn(app, ip, email, guess);
  };

  it('also a guess that was registered first: one address has five over ten users', async () => {
    const ip = newAddress();
    const found: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const { email } = await five.register();
      found.push(statusOf(await guessAt(five, ip, email, `registered guess ${i}`)));
    }
    expect(found.slice(0, 5)).not.toContain(429);
    expect(found.slice(5)).toEqual(Array(5).fill(429));
  });

  it('and eleven such guesses at one user lock it', async () => {
    const { email, password } = await usual.register();
    for (let i = 0; i < 11; i += 1) await guessAt(usual, newAddress(), email, `registered guess ${i}`);
    const locks = await databaseOf(usual).query('SELECT failures, locked_until FROM coatcheck.lockouts');
    expect(locks).toEqual([{ failures: 10, locked_until: expect.any(Date) }]);
    expect(locks[0].locked_until > usual.clock.now()).toBe(true);
    expect(answer(await logIn(usual, newAddress(), email, password))).toEqual([401, 'invalid_credentials']);
  });

  it('of a proof that itself says whose it is, by the network it comes from, also with the cookie of a known device', async () => {
    const app = await bootWithMadeUsers({ ...PROXIED, loginAttempts: 3 });
    const device = `device=${(await app.logIn()).cookie('device')}`;
    const ip = newAddress();
    const [response, id] = [
      { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA' },
      'AAAAAAAAAAAAAAAAAAAAAA',
    ];
    const credential = { id, rawId: id, type: 'public-key', response };
    const guess = (from: string, cookie?: string) =>
      app.client({ 'x-forwarded-for': from, ...(cookie && { cookie }) }).post('/auth/login/passkey', { credential });
    for (let i = 0; i < 3; i += 1) expect(answer(await guess(ip, device))).toEqual([401, 'invalid_credentials']);
    expect([statusOf(await guess(ip)), statusOf(await guess(ip, device))]).toEqual([429, 429]);
    expect(statusOf(await guess(newAddress(), device))).toBe(401);
    await app.close();
  });

  it('also where a logged-in user proves the password again', async () => {
    const app = await bootWithMadeUsers({ ...PROXIED, loginAttempts: 5, mailsPerAddress: 100 });
    const ada = await app.logIn();
    const found: unknown[] = [];
    for (let i = 0; i < 6; i += 1) {
      await post(app, newAddress(), '/auth/register', { email: ada.email, password: `registered guess ${i}` });
      found.push(answer(await ada.post('/auth/step-up', { password: `registered guess ${i}` })));
    }
    expect(found).toEqual([...Array(5).fill([401, 'invalid_credentials']), [429, 'rate_limited']]);
    await app.close();
  });
});

describe('the tokens of known devices of an account that has another address by now', () => {
  const OPTIONAL = { ...PROXIED, emailVerification: 'optional', loginAttempts: 5 } as const;
  const password = 'an engine weaves algebra';
  const owners = 'a loom of silver numbers';
  const userIdOf = async (app: AuthTestApp, email: string): Promise<string> =>
    (await app.app.get<UserStore>(UserStore, { strict: false }).findByEmail(email))!.id;
  const WAYS: Record<string, (app: AuthTestApp, victim: string, thief: TestClient) => Promise<unknown>> = {
    'its user has moved it': async (app, _victim, thief) => {
      const email = 'thief@example.com';
      await expected(202, thief.post('/auth/email/change', { email, password }));
      await expected(204, thief.post('/auth/email/change/confirm', { token: await app.mailedToken(email) }));
    },
    'the application has moved it by its user store': async (app, victim) =>
      app.app
        .get<UserStore>(UserStore, { strict: false })
        .update(await userIdOf(app, victim), { email: 'elsewhere@example.com' }),
    'its row was deleted past everything': (app, victim) =>
      databaseOf(app).query('DELETE FROM coatcheck.users WHERE email = $1', [victim]),
  };

  /** Which nobody can join with what is ours. */
  class StoreOfItsOwn extends TypeormUserStore {
    override get table() {
      return null;
    }
  }
  const STORES: Record<string, Provider[]> = {
    'the table of users': [],
    'a store of its own': [{ provide: UserStore, useClass: StoreOfItsOwn }],
  };
  const CASES = Object.keys(STORES).flatMap((name) =>
    Object.entries(WAYS).map(([how, leave]) => ({ how, name, leave })),
  );
  const services = new Map<string, AuthTestApp>();
  beforeAll(async () => {
    for (const [name, providers] of Object.entries(STORES))
      services.set(name, await bootWithMadeUsers(OPTIONAL, providers));
  });
  afterAll(async () => {
    for (const app of services.values()) await app.close();
  });

  it.each(CASES)('have no budgets of their own at it when $how, with $name', async ({ how, name, leave }) => {
    const app = services.get(name)!;
    const victim = `victim-${Object.keys(WAYS).indexOf(how)}@example.com`;
    await expected(202, post(app, newAddress(), '/auth/register', { email: victim, password }));
    const thief = app.client({ 'x-forwarded-for': newAddress() });
    const login = { email: victim, password, strategy: 'jwt' };
    const tokens: string[] = [];
    let ticket = '';
    for (let i = 0; i < 6; i += 1) {
      const body = await expected(200, thief.post('/auth/login', { ...login, transport: 'body' }));
      tokens.push(body.deviceToken);
      ticket = body.accessToken;
    }
    await leave(app, victim, app.client({ 'x-forwarded-for': newAddress(), authorization: `Bearer ${ticket}` }));
    await expected(202, post(app, newAddress(), '/auth/register', { email: victim, password: owners }));
    const ip = newAddress();
    const found: unknown[] = [];
    for (const deviceToken of tokens)
      for (let i = 0; i < 2; i += 1)
        found.push(answer(await post(app, ip, '/auth/login', { email: victim, password: WRONG, deviceToken })));
    expect(found.slice(0, 5)).toEqual(Array(5).fill([401, 'invalid_credentials']));
    expect(found.slice(5)).toEqual(Array(7).fill([429, 'rate_limited']));
  });
});

describe('a user who is logged in and proves the password again', () => {
  it('is locked by ten wrong ones in a row, over every route that asks for it, is told, and unlocks by the link', async () => {
    const app = usual;
    const ada = await app.logIn({ strategy: 'session' });
    const ways = [
      (password: string) => ada.post('/auth/step-up', { password }),
      (password: string) =>
        ada.post('/auth/password/change', { currentPassword: password, newPassword: 'quiet walruses sing nine' }),
      (password: string) => ada.post('/auth/email/change', { email: 'elsewhere@example.com', password }),
      (password: string) => ada.request('DELETE', '/auth/me', { password }),
    ];
    for (let i = 0; i < 10; i += 1) {
      expect(answer(await ways[i % 4]!(WRONG))).toEqual([401, 'invalid_credentials']);
    }
    for (const way of ways) expect(answer(await way(ada.password))).toEqual([401, 'invalid_credentials']);
    const token = await app.mailedToken(ada.email);
    // Logging in is another matter: nobody has guessed there.
    expect(statusOf(await logIn(app, newAddress(), ada.email, ada.password))).toBe(200);
    expect(statusOf(await app.client().post('/auth/unlock', { token }))).toBe(204);
    expect(statusOf(await ada.post('/auth/step-up', { password: ada.password }))).toBe(200);
  });
});

describe('M-5: a refused request', () => {
  const REFUSED = 300;

  it('writes one event for its counter and window, touches no other counter, and its repeats are counted', async () => {
    const app = await bootWithMadeUsers({ ...PROXIED, loginAttempts: 5 });
    const ip = newAddress();
    for (let i = 0; i < 6; i += 1) await logIn(app, ip, `first-${i}@example.com`);
    await toldOfRefusals(app, 1);
    const before = [await rowsOf(app, 'audit_events'), await rowsOf(app, 'counters')];
    for (let i = 0; i < REFUSED; i += 1) {
      expect(statusOf(await logIn(app, ip, `random-${i}@example.com`))).toBe(429);
    }
    expect([await rowsOf(app, 'audit_events'), await rowsOf(app, 'counters')]).toEqual(before);
    app.clock.advance(901);
    for (let i = 0; i < 6; i += 1) await logIn(app, ip, `second-${i}@example.com`);
    await toldOfRefusals(app, 3);
    const events = await databaseOf(app).query(
      `SELECT reason, details ->> 'repeats' AS repeats FROM coatcheck.audit_events WHERE type = 'limit.exceeded' ORDER BY at, id`,
    );
    expect(events).toHaveLength(3);
    expect(events).toContainEqual({ reason: 'limit_by_login-ip', repeats: String(REFUSED) });
    await app.close();
  });

  it('of a route that mails touches no address either', async () => {
    const app = await bootWithMadeUsers({ ...PROXIED, mailsPerIp: 3 });
    const ip = newAddress();
    const register = (i: number) =>
      post(app, ip, '/auth/register', { email: `mass-${i}@example.com`, password: 'correct horse battery' });
    for (let i = 0; i < 4; i += 1) await register(i);
    await toldOfRefusals(app, 1);
    const before = [await rowsOf(app, 'audit_events'), await rowsOf(app, 'counters')];
    for (let i = 0; i < 50; i += 1) expect(statusOf(await register(100 + i))).toBe(429);
    expect([await rowsOf(app, 'audit_events'), await rowsOf(app, 'counters')]).toEqual(before);
    await app.close();
  });

  it('is told what API.md says: 429 with Retry-After and RateLimit-*', async () => {
    const app = await bootWithMadeUsers({ ...PROXIED, loginAttempts: 2 });
    const ip = newAddress();
    const replies: TestReply[] = [];
    for (let i = 0; i < 3; i += 1) replies.push(await logIn(app, ip, `told-${i}@example.com`));
    const told = replies.map(({ status, headers }) => [
      status,
      ...['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].map((name) => headers.get(name)),
    ]);
    expect(told).toEqual([
      [401, '2', '1', '900', null],
      [401, '2', '0', '900', null],
      [429, '2', '0', '900', '900'],
    ]);
    expect(replies[2]!.headers.get('content-type')).toContain('application/problem+json');
    await app.close();
  });

  (isInstalled('memcached') ? it : it.skip)(
    'counts in the database beside Memcached, which a flood washes out',
    async () => {
      const server = await ownServer('memcached');
      const app = await bootWithMadeUsers({
        ...PROXIED,
        loginAttempts: 5,
        sessionStore: 'memcached',
        memcachedUrl: server.url,
      });
      const { email, password } = await app.register();
      for (let i = 0; i < 5; i += 1) await logIn(app, newAddress(), email);
      await server.make('kill');
      await server.make('start');
      // The client may find the old connection closed.
      for (let i = 0; i < 5; i += 1) await app.client().get('/health/ready');
      expect(statusOf(await logIn(app, newAddress(), email, password))).toBe(429);
      await app.close();
      await server.end();
    },
  );
});

describe('L-14: the networks of one /48', () => {
  it('together have four times the budget of one, and another /48 has its own', async () => {
    const app = five;
    const found: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      found.push(statusOf(await logIn(app, `2001:db8:77:${i.toString(16)}::1`, `site-${i}@example.com`)));
    }
    expect(found.filter((status) => status === 401)).toHaveLength(20);
    expect(found.slice(20)).toEqual(Array(20).fill(429));
    expect(statusOf(await logIn(app, '2001:db8:78::1', 'other-site@example.com'))).toBe(401);
  });
});

describe('FR-02, M-10, L-17: the address a proxy writes', () => {
  it('with a port is that address: five failures of one client stop that one and no other', async () => {
    const app = five;
    const { email, password } = await app.register();
    const found: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      found.push(statusOf(await logIn(app, `198.18.0.1:${50_000 + i}`, `ported-${i}@example.com`)));
    }
    expect(found).toEqual([401, 401, 401, 401, 401, 429]);
    for (const other of ['198.18.0.2:6000', '[2001:db8::7]:5555', '"198.18.0.3"', '198.18.0.4']) {
      expect([other, statusOf(await logIn(app, other, email, password))]).toEqual([other, 200]);
    }
  });

  it.each([
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['"203.0.113.9"', '203.0.113.9'],
    ['10.9.8.7, 203.0.113.5:1', '203.0.113.5'],
    [`fe80::1%${'z'.repeat(60)}`, 'fe80::1'],
    ['unknown', '127.0.0.1'],
    ['_hidden', '127.0.0.1'],
    ['203.0.113.7, garbage', '127.0.0.1'],
  ])('%j is shown as %s', async (written, shown) => {
    const { email, password } = await five.register();
    const reply = await logIn(five, written, email, password);
    expect([reply.status, reply.body.session?.ip]).toEqual([200, shown]);
  });

  it('is found behind proxies that write ports of each other', async () => {
    const nested = await bootWithMadeUsers({
      trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
      authStrategies: ['session'],
    });
    const { email, password } = await nested.register();
    const { body } = await logIn(nested, '1.1.1.1, 203.0.113.5:900, 10.1.2.3:5555', email, password);
    expect(body.session.ip).toBe('203.0.113.5');
    await nested.close();
  });
});
