import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { freshDatabase } from '../real-postgres.js';

/** Three parts, as an access token has. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;
const TRANSPORTS = ['cookie', 'split', 'body'] as const;

const cookieLine = (reply: TestReply, name: string) => reply.setCookies.find((line) => line.startsWith(`${name}=`));

describe('tokens travel as the login said', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['jwt', 'session'], loginAttempts: 1000 });
  });
  afterAll(() => app.close());

  it('transport cookie: a refresh answers lifetimes only, and both tokens as cookies', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const reply = await user.post('/auth/refresh');
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ expiresIn: expect.any(Number), refreshExpiresIn: 604_800 });
    expect([cookieLine(reply, 'access'), cookieLine(reply, 'refresh')]).toEqual([
      expect.stringMatching(/^access=eyJ.*Path=\/;.*HttpOnly/),
      expect.stringMatching(/^refresh=.*Path=\/;.*HttpOnly/),
    ]);
    expect(reply.text).not.toMatch(TOKEN);
    expect((await user.get('/auth/me')).status).toBe(200);
  });

  it('transport split: a refresh answers the access token, and the refresh token as a cookie', async () => {
    const user = await app.logIn({ transport: 'split' });
    const reply = await user.post('/auth/refresh');
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      accessToken: expect.stringMatching(TOKEN),
      tokenType: 'Bearer',
      expiresIn: expect.any(Number),
      refreshExpiresIn: 604_800,
    });
    expect(reply.setCookies.map((line) => line.split('=')[0])).toEqual(['refresh']);
  });

  it('transport body: a refresh answers both tokens, and sets no cookie', async () => {
    const user = await app.logIn({ transport: 'body' });
    const reply = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      accessToken: expect.stringMatching(TOKEN),
      tokenType: 'Bearer',
      expiresIn: expect.any(Number),
      refreshExpiresIn: 604_800,
      refreshToken: expect.any(String),
    });
    expect(reply.setCookies).toEqual([]);
  });

  it.each([
    ['the access cookie missing', (user: TestClient) => ({ cookies: { refresh: user.cookie('refresh') } })],
    ['the value of the cookie in the body', (user: TestClient) => ({ body: { refreshToken: user.cookie('refresh') } })],
    [
      'it in the body and in the cookie',
      (user: TestClient) => ({
        body: { refreshToken: user.cookie('refresh') },
        cookies: { refresh: user.cookie('refresh') },
      }),
    ],
  ])('transport cookie stays so with %s: no token is ever readable', async (_name, present) => {
    const user = await app.logIn({ transport: 'cookie' });
    const { body, cookies = {} } = present(user) as { body?: object; cookies?: Record<string, string> };
    const client = app.client();
    for (const [name, value] of Object.entries(cookies)) client.setCookie(name, value);
    const reply = await client.post('/auth/refresh', body);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ expiresIn: expect.any(Number), refreshExpiresIn: 604_800 });
    expect(reply.text).not.toMatch(TOKEN);
    expect(client.cookie('access')).toMatch(TOKEN);
    expect((await client.get('/auth/me')).status).toBe(200);
  });

  it('transport split stays so with the value of the cookie in the body: no refresh token is ever readable', async () => {
    const user = await app.logIn({ transport: 'split' });
    const reply = await app.client().post('/auth/refresh', { refreshToken: user.cookie('refresh') });
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.body).sort()).toEqual(['accessToken', 'expiresIn', 'refreshExpiresIn', 'tokenType']);
    expect(cookieLine(reply, 'refresh')).toBeDefined();
  });

  it('no step-up and no change of credentials moves tokens to where they can be read', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    for (const transport of ['body', 'split']) {
      const { password } = user;
      const stepUp = await user.post('/auth/step-up', { password, transport });
      expect([stepUp.status, stepUp.body.code]).toEqual([400, 'validation_failed']);
      const newPassword = 'another engine weaves algebra';
      const change = await user.post('/auth/password/change', { currentPassword: password, newPassword, transport });
      expect([change.status, change.body.code]).toEqual([400, 'validation_failed']);
      expect(change.body.errors).toEqual([expect.objectContaining({ field: 'transport' })]);
    }
    const stepUp = await user.post('/auth/step-up', { password: user.password });
    expect([stepUp.status, stepUp.text.match(TOKEN)]).toEqual([200, null]);
    expect((await user.post('/auth/refresh')).body).toEqual({
      expiresIn: expect.any(Number),
      refreshExpiresIn: 604_800,
    });
  });

  it.each(['body', 'split'])('strategy session has no transport %s: validation_failed', async (transport) => {
    const { email, password } = await app.register();
    const reply = await app.client().post('/auth/login', { email, password, strategy: 'session', transport });
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(reply.body.errors).toEqual([expect.objectContaining({ field: 'transport' })]);
    expect(reply.setCookies).toEqual([]);
    const right = await app.client().post('/auth/login', { email, password, strategy: 'session' });
    expect(right.status).toBe(200);
  });
});

describe('every reply that hands out tickets says how long they live', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['jwt', 'session'], loginAttempts: 1000 });
  });
  afterAll(() => app.close());

  const isLife = (seconds: unknown) => {
    expect(Number.isInteger(seconds)).toBe(true);
    expect(seconds).toBeLessThanOrEqual(900);
    expect(seconds).toBeGreaterThanOrEqual(855);
  };

  it.each(TRANSPORTS)('a login, a step-up and a refresh by jwt with transport %s', async (transport) => {
    const { email, password } = await app.register();
    const client = app.client();
    const login = await client.post('/auth/login', { email, password, transport });
    const authorization = login.body.accessToken ? { authorization: `Bearer ${login.body.accessToken}` } : undefined;
    const stepUp = await client.post('/auth/step-up', { password }, authorization);
    for (const { status, body } of [login, stepUp]) {
      expect(status).toBe(200);
      isLife(body.expiresIn);
      expect(body.refreshExpiresIn).toBe(604_800);
      expect(body.session.expiresIn).toBe(604_800);
    }
    const refresh = await client.post(
      '/auth/refresh',
      stepUp.body.refreshToken && { refreshToken: stepUp.body.refreshToken },
    );
    isLife(refresh.body.expiresIn);
    expect(refresh.body.refreshExpiresIn).toBe(604_800);
  });

  it('a login by session, and every session that is shown', async () => {
    const { email, password } = await app.register();
    const client = app.client();
    const login = await client.post('/auth/login', { email, password, strategy: 'session' });
    expect(login.body.session.expiresIn).toBe(604_800);
    expect([login.body.expiresIn, login.body.refreshExpiresIn]).toEqual([undefined, undefined]);
    app.clock.advance(30);
    expect((await client.get('/auth/me')).body.session.expiresIn).toBe(604_800 - 30);
    expect((await client.get('/auth/sessions')).body.sessions[0].expiresIn).toBe(604_800 - 30);
  });
});

describe('the refresh cookie', () => {
  it('is __Host-refresh with Path=/ on https, whatever the mount path', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['jwt'], publicUrl: 'https://auth.example.com' });
    const user = await app.logIn({ transport: 'split' });
    expect(user.cookie('__Host-refresh')).toBeDefined();
    const reply = await user.post('/auth/refresh');
    expect(cookieLine(reply, '__Host-refresh')).toMatch(/; Path=\/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax$/);
    expect(reply.setCookies.join()).not.toContain('__Secure-');
    await app.close();
  });

  it('planted beside the own one is refused, and both are cleared: the next login refreshes again', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['jwt'] });
    const [victim, thief] = [await app.logIn({ transport: 'split' }), await app.logIn({ transport: 'split' })];
    // As a page of the same plain-http host might leave it: nearer, so sent first.
    victim.setCookie('refresh', thief.cookie('refresh')!, '/auth');
    const reply = await victim.post('/auth/refresh');
    expect([reply.status, reply.body.code]).toEqual([401, 'unauthenticated']);
    expect(victim.cookie('refresh')).toBeUndefined();
    const { email, password } = victim;
    expect((await victim.post('/auth/login', { email, password })).status).toBe(200);
    expect((await victim.post('/auth/refresh')).status).toBe(200);
    await app.close();
  });
});

describe('a spent refresh token', () => {
  it('may be sent again for 30 seconds by default once its access token is used, and not a moment longer than its successor is unused', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['jwt'] });
    const refresh = (refreshToken: string | undefined) => app.client().post('/auth/refresh', { refreshToken });
    const patient = await app.logIn({ transport: 'body' });
    const first = await refresh(patient.refreshToken);
    app.clock.advance(30);
    expect((await refresh(patient.refreshToken)).body.refreshToken).toBe(first.body.refreshToken);
    const used = app.client({ authorization: `Bearer ${first.body.accessToken}` });
    expect((await used.get('/auth/me')).status).toBe(200);
    app.clock.advance(1);
    expect((await refresh(patient.refreshToken)).body.code).toBe('session_ended');

    const eager = await app.logIn({ transport: 'body' });
    const next = await refresh(eager.refreshToken);
    expect((await refresh(next.body.refreshToken)).status).toBe(200);
    expect((await refresh(eager.refreshToken)).body.code).toBe('session_ended');
    await app.close();
  });
});

it('access tokens of logins at one instant do not all expire at one instant, and none lives longer than configured', async () => {
  const app = await bootWithMadeUsers({ authStrategies: ['jwt'], loginAttempts: 1000 });
  const user = await app.logIn({ transport: 'body' });
  let refreshToken = user.refreshToken;
  const lives: number[] = [];
  for (let i = 0; i < 30; i++) {
    const { body } = await app.client().post('/auth/refresh', { refreshToken });
    const { iat, exp } = JSON.parse(Buffer.from(body.accessToken.split('.')[1], 'base64url').toString());
    expect(body.expiresIn).toBe(exp - iat);
    lives.push(body.expiresIn);
    refreshToken = body.refreshToken;
  }
  expect(Math.max(...lives)).toBeLessThanOrEqual(900);
  expect(Math.min(...lives)).toBeGreaterThanOrEqual(855);
  expect(new Set(lives).size).toBeGreaterThan(3);
  await app.close();
});

describe.each([
  ['ahead', 240],
  ['behind', -240],
])('a token signed by a node whose clock is minutes %s', (_name, seconds) => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let here: AuthTestApp;
  let there: AuthTestApp;
  beforeAll(async () => {
    database = await freshDatabase();
    const options = { databaseUrl: database.url, authStrategies: ['jwt'], loginAttempts: 1000 };
    here = await bootWithMadeUsers(options);
    const clock = new FakeClock();
    clock.advance(seconds);
    there = await bootWithMadeUsers(options, [], clock);
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  });

  const bearer = (token: string) => here.client({ authorization: `Bearer ${token}` });

  it('is accepted here: only exp decides', async () => {
    const user = await there.logIn({ transport: 'body' });
    expect((await bearer(user.accessToken!).get('/auth/me')).status).toBe(200);
  });

  it.each(['logout', 'logout-all'])('is refused everywhere after a %s that is answered here', async (route) => {
    const user = await there.logIn({ transport: 'body' });
    const client = bearer(user.accessToken!);
    expect((await client.get('/auth/me')).status).toBe(200);
    expect((await client.post(`/auth/${route}`, route === 'logout-all' ? {} : undefined)).status).toBe(204);
    for (const reply of [await client.get('/auth/me'), await user.get('/auth/me')]) {
      expect([reply.status, reply.body.code]).toEqual([401, 'session_ended']);
    }
    const refresh = await there.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    expect(refresh.body.code).toBe('session_ended');
  });

  it('is out of date here after a change of roles here, and refused after a ban', async () => {
    const admin = await here.logIn({ transport: 'body', changes: { roles: ['admin'] } });
    const user = await there.logIn({ transport: 'body' });
    const client = bearer(user.accessToken!);
    expect((await client.get('/auth/me')).status).toBe(200);
    const roles = await admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles: ['editor'] });
    expect(roles.status).toBeLessThan(300);
    expect((await client.get('/auth/me')).body.code).toBe('token_expired');
    const { body } = await there.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    const renewed = bearer(body.accessToken);
    expect((await renewed.get('/auth/me')).status).toBe(200);
    expect((await admin.post(`/admin/users/${user.userId}/ban`, {})).status).toBeLessThan(300);
    expect((await renewed.get('/auth/me')).body.code).toBe('session_ended');
  });
});

describe('a client that keeps its tokens itself', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['jwt', 'session'], lockoutFailures: 3 });
  });
  afterAll(() => app.close());

  const logIn = (login: object) => app.client().post('/auth/login', { transport: 'body', ...login });
  const notificationsTo = async (email: string) =>
    (await app.mails(email)).filter(({ subject }) => /new/i.test(subject) && /sign|log/i.test(subject));
  const devicesOf = async ({ body }: TestReply) =>
    (await app.client({ authorization: `Bearer ${body.accessToken}` }).get('/auth/devices')).body.devices;

  it('is a known device once it sends its deviceToken: one row, and no mail at every login', async () => {
    const user = await app.register();
    const first = await logIn(user);
    expect(first.body.deviceToken).toMatch(/^[0-9a-f-]{36}\.[\w-]{43}$/);
    expect(first.setCookies).toEqual([]);
    const { deviceToken } = first.body;
    const later: TestReply[] = [];
    for (let i = 0; i < 3; i++) later.push(await logIn({ ...user, deviceToken }));
    expect(later.map(({ body }) => body.deviceToken)).toEqual(Array(3).fill(deviceToken));
    expect(await devicesOf(later[2]!)).toHaveLength(1);
    expect(await notificationsTo(user.email)).toEqual([]);
  });

  it('is not kept out by the failures of strangers', async () => {
    const user = await app.register();
    const { deviceToken } = (await logIn(user)).body;
    for (let i = 0; i < 3; i++) await logIn({ ...user, password: 'wrong' });
    expect((await logIn(user)).body.code).toBe('invalid_credentials');
    expect((await logIn({ ...user, deviceToken })).status).toBe(200);
  });

  it("gains nothing by another user's deviceToken, nor by one that is none, and a new device is told of by mail", async () => {
    const [user, other] = [await app.register(), await app.register()];
    const mine = (await logIn(user)).body.deviceToken;
    const foreign = (await logIn(other)).body.deviceToken;
    for (let i = 0; i < 3; i++) await logIn({ ...user, password: 'wrong' });
    for (const deviceToken of [foreign, `${mine.slice(0, -1)}${mine.endsWith('A') ? 'B' : 'A'}`, '', 'nonsense']) {
      expect([deviceToken, (await logIn({ ...user, deviceToken })).body.code]).toEqual([
        deviceToken,
        'invalid_credentials',
      ]);
    }
    const crossed = await logIn({ ...other, deviceToken: mine });
    expect(crossed.status).toBe(200);
    expect(crossed.body.deviceToken).not.toBe(mine);
    expect(await devicesOf(crossed)).toHaveLength(2);
    expect(await notificationsTo(other.email)).toHaveLength(1);
  });

  it('is told no deviceToken that is in a cookie, and one in a body that is no text is refused', async () => {
    const user = await app.register();
    const browser = app.client();
    const split = await browser.post('/auth/login', { ...user, transport: 'split' });
    expect(split.body.deviceToken).toBeUndefined();
    const body = await browser.post('/auth/login', { ...user, transport: 'body' });
    expect(body.text).not.toContain(browser.cookie('device'));
    for (const deviceToken of [1, {}, ['x'], 'x'.repeat(300)]) {
      const reply = await logIn({ ...user, deviceToken });
      expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    }
  });

  it('whose token is in the database only as a hash', async () => {
    const user = await app.register();
    const { deviceToken } = (await logIn(user)).body;
    const rows = await app.app.get(AUTH_DATA_SOURCE, { strict: false }).query('SELECT * FROM coatcheck.known_devices');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(deviceToken.split('.')[1]);
  });
});
