import { Lockout } from '../../src/lockout/lockout.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootWithMadeUsers } from './made-users.js';

const WRONG = 'wrong horse battery staple';

describe('a user under attack', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'] });
  });
  afterAll(() => app.close());

  const outcome = async (client: TestClient, email: string, password: string) => {
    const { status, body } = await client.post('/auth/login', { email, password });
    return status === 200 ? 200 : body.code;
  };
  const attack = async (email: string, times = 10, client = () => app.client()) => {
    for (let i = 0; i < times; i += 1) expect(await outcome(client(), email, WRONG)).toBe('invalid_credentials');
  };
  const subjects = async (email: string) => (await app.mails(email)).map(({ subject }) => subject);
  const LOCKED = 'Your account is locked';

  it('is locked for strangers by the tenth failure in a row, not the ninth, and looks like any wrong password', async () => {
    const { email, password } = await app.register();
    await attack(email, 9);
    expect(await outcome(app.client(), email, password)).toBe(200);
    await attack(email, 10);
    const right = await app.client().post('/auth/login', { email, password });
    const wrong = await app.client().post('/auth/login', { email, password: WRONG });
    expect([right.status, right.body.code]).toEqual([401, 'invalid_credentials']);
    expect({ ...right.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    expect(right.text.length).toBe(wrong.text.length);
    expect(right.setCookies).toEqual([]);
  });

  it('is told once, with a link that unlocks once', async () => {
    const { email, password } = await app.register();
    await attack(email, 15);
    expect((await subjects(email)).filter((subject) => subject === LOCKED)).toHaveLength(1);
    const token = await app.mailedToken(email);
    const unlock = () => app.client().post('/auth/unlock', { token });
    expect([(await unlock()).status, (await unlock()).body.code]).toEqual([204, 'invalid_token']);
    expect(await outcome(app.client(), email, password)).toBe(200);
  });

  it('can unlock by the link only, not by a verification token, and the link opens nothing else', async () => {
    const email = 'unlock@example.com';
    await app.client().post('/auth/register', { email, password: 'correct horse battery' });
    const verification = await app.mailedToken(email);
    expect((await app.client().post('/auth/unlock', { token: verification })).body.code).toBe('invalid_token');
    await app.client().post('/auth/email/verify', { token: verification });
    await attack(email);
    const token = await app.mailedToken(email);
    expect((await app.client().post('/auth/email/verify', { token })).body.code).toBe('invalid_token');
  });

  it('is open again after an hour, and not a second before; guesses meanwhile prolong nothing', async () => {
    const { email, password } = await app.register();
    await attack(email);
    app.clock.advance(1800);
    await attack(email, 12);
    app.clock.advance(1799);
    expect(await outcome(app.client(), email, password)).toBe('invalid_credentials');
    app.clock.advance(1);
    await attack(email, 9);
    expect(await outcome(app.client(), email, password)).toBe(200);
  });

  it('gets in from a known device, whatever strangers do, and strangers do not get in with it', async () => {
    const ada = await app.logIn();
    const laptop = ada.copy();
    await attack(ada.email, 12);
    expect(await outcome(app.client(), ada.email, ada.password)).toBe('invalid_credentials');
    expect(await outcome(laptop, ada.email, ada.password)).toBe(200);
    // Known to Ada is not known to Bob.
    const bob = await app.register();
    await attack(bob.email, 10, () => ada.copy());
    expect(await outcome(ada.copy(), bob.email, bob.password)).toBe('invalid_credentials');
    const forged = app.client();
    forged.setCookie('device', `${ada.cookie('device')!.slice(0, 37)}${'A'.repeat(43)}`);
    expect(await outcome(forged, ada.email, ada.password)).toBe('invalid_credentials');
  });

  it('has a known device locked by its own failures, not by others, and that locks no other device', async () => {
    const ada = await app.logIn();
    await attack(ada.email, 10, () => ada.copy());
    expect(await outcome(ada.copy(), ada.email, ada.password)).toBe('invalid_credentials');
    expect(await outcome(app.client(), ada.email, ada.password)).toBe(200);
    expect(await subjects(ada.email)).not.toContain(LOCKED);
  });

  it('is locked alike when there is no such user, and no mail is sent', async () => {
    const email = 'nobody-locked@example.com';
    await attack(email, 12);
    expect(await app.mails(email)).toEqual([]);
  });

  it('is unlocked, and no device is known, when a feature says so', async () => {
    const ada = await app.logIn();
    await attack(ada.email);
    await app.app.get(Lockout, { strict: false }).clear({ email: ada.email });
    expect(await outcome(app.client(), ada.email, ada.password)).toBe(200);
    for (const { id } of (await ada.get('/auth/devices')).body.devices ?? [])
      await ada.request('DELETE', `/auth/devices/${id}`);
    await attack(ada.email);
    expect(await outcome(ada.copy(), ada.email, ada.password)).toBe('invalid_credentials');
  });

  it('has one lock and one mail when fifty guess at once', async () => {
    const { email, password } = await app.register();
    await Promise.all(Array.from({ length: 50 }, () => outcome(app.client(), email, WRONG)));
    expect((await subjects(email)).filter((subject) => subject === LOCKED)).toHaveLength(1);
    expect(await outcome(app.client(), email, password)).toBe('invalid_credentials');
  });
});

describe('a device', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ publicUrl: 'https://auth.example.com' });
  });
  afterAll(() => app.close());

  const NEW = 'New sign-in to your account';
  const notifications = async (email: string) => (await app.mails(email)).filter(({ subject }) => subject === NEW);

  it('is remembered by a cookie that no script and no other site reads, that ends, and that opens nothing', async () => {
    const known = await app.register();
    const { setCookies } = await app.client().post('/auth/login', known);
    const line = setCookies.find((cookie) => cookie.startsWith('__Host-device='))!;
    expect(line).toMatch(
      /^__Host-device=[0-9a-f-]{36}\.[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; Secure; SameSite=Lax$/i,
    );
    const holder = app.client();
    holder.setCookie('__Host-device', /=([^;]+)/.exec(line)![1]!);
    expect((await holder.get('/auth/me')).status).toBe(401);
  });

  it('that is new is told to its user, and one that is known, or the very first, is not', async () => {
    const ada = await app.logIn({ strategy: 'session' });
    expect(await notifications(ada.email)).toEqual([]);
    await ada.copy().post('/auth/login', { email: ada.email, password: ada.password });
    expect(await notifications(ada.email)).toEqual([]);
    const elsewhere = app.client({
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    });
    await elsewhere.post('/auth/login', { email: ada.email, password: ada.password });
    const [notification, ...more] = await notifications(ada.email);
    expect(more).toEqual([]);
    expect(notification!.text).toContain('Firefox on Linux');
    expect(notification!.text).not.toContain('127.0.0.1');
    await elsewhere.copy().post('/auth/login', { email: ada.email, password: ada.password });
    expect(await notifications(ada.email)).toHaveLength(1);
  });

  it('is given no cookie where none is kept', async () => {
    const known = await app.register();
    const { status, setCookies } = await app
      .client()
      .post('/auth/login', { ...known, strategy: 'jwt', transport: 'body' });
    expect([status, setCookies]).toEqual([200, []]);
  });

  it('is stopped by its own failures only: strangers behind the same address, or on the same user, do not count', async () => {
    const limited = await bootWithMadeUsers({ loginAttempts: 5 });
    const ada = await limited.logIn();
    const guess = (email: string) => limited.client().post('/auth/login', { email, password: WRONG });
    for (let i = 0; i < 5; i += 1) await guess(ada.email);
    expect((await guess(ada.email)).status).toBe(429);
    const again = { email: ada.email, password: ada.password };
    expect((await ada.copy().post('/auth/login', again)).status).toBe(200);
    const own = [];
    for (let i = 0; i < 6; i += 1)
      own.push((await ada.copy().post('/auth/login', { ...again, password: WRONG })).status);
    expect(own).toEqual([401, 401, 401, 401, 401, 429]);
    await limited.close();
  });
});

it('the page of an unlock link runs nothing inline, and opening it changes nothing', async () => {
  const app = await bootWithMadeUsers();
  const page = await app.client().get('/auth/unlock?token=x');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; .*form-action 'self'; .*frame-ancestors 'none'/,
  );
  await app.close();
});
