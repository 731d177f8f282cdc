import type { AuthTestApp, TestClient, TestUser } from '../../src/testing/index.js';
import { protectedUser, takeTokens } from './authenticator-app.js';
import { bootService, overEveryCombination, type StoreUnderTest, type StrategyUnderTest } from './combinations.js';

const HOUR = 3600;
const NEW_PASSWORD = 'seventeen quiet otters';
export const LIFETIMES = {
  sessionIdleSeconds: 7 * HOUR,
  sessionAbsoluteSeconds: 20 * HOUR,
  // Longer than the session, so that the session's own deadlines show under jwt too.
  accessTokenSeconds: 24 * HOUR,
};

/** What everything else stands on: the only rules that run over the full product. Every other rule runs over what it depends on. */
export function exerciseTrunk(stores: readonly StoreUnderTest[]): void {
  overEveryCombination((strategy, sessionStore) => {
    const options = { authStrategies: [strategy], sessionStore, ...LIFETIMES };
    exerciseTrunkIn(strategy, () => bootService(options));
  }, stores);
}

/** By one strategy, in an application. */
export function exerciseTrunkIn(strategy: StrategyUnderTest, boot: () => Promise<AuthTestApp>): void {
  let app: AuthTestApp;
  let admin: TestUser;
  /** Whoever only comes and goes. */
  let bob: { email: string; password: string };
  beforeAll(async () => {
    app = await boot();
    bob = await app.register();
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const logIn = () => app.logIn({ transport: 'body' });
  const logInBob = () => app.logInAgain({ ...bob, transport: 'body' });
  const again = (user: TestUser) => app.logInAgain({ ...user, transport: 'body' });
  const tryLogIn = (email: string, password: string) => app.client().post('/auth/login', { email, password });
  const codeOf = async (user: Pick<TestUser, 'get'>) => {
    const { status, body } = await user.get('/auth/me');
    return status === 200 ? 200 : body.code;
  };
  /** The same tickets in other hands. */
  const stolenFrom = (user: TestUser) => Object.assign(user.copy(), { refreshToken: user.refreshToken });
  /** Nothing of an ended session is good for anything: not its ticket, and not what renews it. */
  const expectEnded = async (...users: Pick<TestUser, 'get' | 'refreshToken'>[]) => {
    for (const user of users) {
      expect(await codeOf(user)).toBe('session_ended');
      const renewal = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
      if (user.refreshToken) expect([renewal.status, renewal.body.code]).toEqual([401, 'session_ended']);
    }
  };

  it('leads a newcomer from registration to a recognised request', async () => {
    const [email, password] = ['ada@example.com', 'an engine weaves algebra'];
    const visitor = app.client();
    const registered = await visitor.post('/auth/register', { email: 'Ada@Example.com', password, name: 'Ada' });
    expect([registered.status, registered.body]).toEqual([202, { status: 'verification_sent' }]);
    const early = await tryLogIn(email, password);
    expect([early.status, early.body.code]).toEqual([401, 'invalid_credentials']);
    const token = await app.mailedToken(email);
    expect((await visitor.post('/auth/email/verify', { token })).status).toBe(204);
    const spent = await visitor.post('/auth/email/verify', { token });
    expect([spent.status, spent.body.code]).toEqual([400, 'invalid_token']);

    const ada = await app.logInAgain({ email, password });
    const me = await ada.get('/auth/me');
    expect(me.status).toBe(200);
    expect(me.body.user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      email,
      emailVerified: true,
      name: 'Ada',
      roles: [],
      createdAt: app.clock.now().toISOString(),
    });
    const facts = { id: ada.sessionId, strategy, amr: ['pwd'], current: true, ip: '127.0.0.1' };
    expect(me.body.session).toMatchObject(facts);
    const greeting = { message: 'hello, ada@example.com', userId: ada.userId };
    expect((await ada.get('/example/protected')).body).toEqual(greeting);
  });

  it('refuses a wrong password and an unknown user alike, and neither gets a ticket', async () => {
    const { email, password } = bob;
    for (const [who, what] of [
      [email, 'wrong horse'],
      ['nobody@example.com', password],
    ] as const) {
      const { status, body, setCookies } = await tryLogIn(who, what);
      expect([status, body.code, setCookies]).toEqual([401, 'invalid_credentials', []]);
    }
  });

  it('closes every route but the public ones', async () => {
    for (const path of ['/auth/me', '/auth/sessions', '/example/protected', '/example/admin']) {
      const reply = await app.client().get(path);
      expect([path, reply.status, reply.body.code]).toEqual([path, 401, 'unauthenticated']);
      expect(reply.headers.get('www-authenticate')).toBeTruthy();
    }
    expect((await app.client().get('/example/public')).status).toBe(200);
  });

  it('ends everything on logout, at once', async () => {
    const user = await logInBob();
    const thief = stolenFrom(user);
    expect((await user.post('/auth/logout')).status).toBe(204);
    await expectEnded(thief);
    // Its route is there only where there is something to refresh.
    expect((await thief.post('/auth/refresh')).status).toBe(strategy === 'jwt' ? 401 : 404);
    expect((await user.get('/auth/me')).status).toBe(401);
  });

  it('lists the sessions of a user, ends one of them, all but this one, and all, each at once', async () => {
    const [phone, stranger] = [await logIn(), await logInBob()];
    const laptop = await again(phone);
    const listed = (await laptop.get('/auth/sessions')).body.sessions as { id: string; current: boolean }[];
    expect(listed.map(({ id, current }) => [id, current])).toEqual(
      expect.arrayContaining([
        [laptop.sessionId, true],
        [phone.sessionId, false],
      ]),
    );
    expect(listed).toHaveLength(2);
    expect((await laptop.delete(`/auth/sessions/${phone.sessionId}`)).status).toBe(204);
    await expectEnded(phone);
    expect((await laptop.delete(`/auth/sessions/${phone.sessionId}`)).status).toBe(404);
    const tablet = await again(phone);
    expect((await laptop.post('/auth/logout-all', { keepCurrent: true })).status).toBe(204);
    await expectEnded(tablet);
    expect(await codeOf(laptop)).toBe(200);
    const replay = stolenFrom(laptop);
    expect((await laptop.post('/auth/logout-all')).status).toBe(204);
    await expectEnded(replay);
    expect(await codeOf(stranger)).toBe(200);
  });

  it('ends an unused session after the idle limit, not a second before', async () => {
    const kept = await logInBob();
    const dropped = await logInBob();
    app.clock.advance(7 * HOUR - 1);
    expect(await codeOf(kept)).toBe(200);
    app.clock.advance(1);
    expect(await codeOf(dropped)).toBe('session_ended');
    expect(await codeOf(kept)).toBe(200);
  });

  it('ends a session at the absolute limit, however much it is used', async () => {
    const user = await logInBob();
    for (let hour = 0; hour < 20; hour += 5) {
      expect(await codeOf(user)).toBe(200);
      app.clock.advance(5 * HOUR - 1);
    }
    app.clock.advance(3);
    expect(await codeOf(user)).toBe(200);
    app.clock.advance(1);
    expect(await codeOf(user)).toBe('session_ended');
    admin = await app.logInAgain(admin);
  });

  if (strategy === 'jwt') {
    it('rotates a refresh token, repeats that within the grace, and ends the session when a spent one comes later', async () => {
      const [user, other] = [await logInBob(), await logInBob()];
      const refresh = (refreshToken: string) => app.client().post('/auth/refresh', { refreshToken });
      const first = await refresh(user.refreshToken!);
      expect([first.status, first.body.refreshToken === user.refreshToken]).toEqual([200, false]);
      app.clock.advance(30);
      expect((await refresh(user.refreshToken!)).body.refreshToken).toBe(first.body.refreshToken);
      const client = app.client({ authorization: `Bearer ${first.body.accessToken}` });
      expect(await codeOf(client)).toBe(200);
      app.clock.advance(1);
      const reuse = await refresh(user.refreshToken!);
      expect([reuse.status, reuse.body.code]).toEqual([401, 'session_ended']);
      expect((await refresh(first.body.refreshToken)).body.code).toBe('session_ended');
      expect(await codeOf(client)).toBe('session_ended');
      expect((await refresh(other.refreshToken!)).status).toBe(200);
    });
  }

  it('a password change ends every other session, and gives this one a new id and new tickets', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const other = await again(user);
    const old = user.copyInto(app.client(user.defaults));
    const body = { currentPassword: user.password, newPassword: NEW_PASSWORD };
    expect((await user.post('/auth/password/change', body)).status).toBe(204);
    await expectEnded(other);
    expect(await codeOf(old)).toBe('session_ended');
    const me = await user.get('/auth/me');
    expect([me.status, me.body.session.id === user.sessionId]).toEqual([200, false]);
    expect((await tryLogIn(user.email, user.password)).status).toBe(401);
    expect((await tryLogIn(user.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('a password reset ends all sessions, logs no user in, and only the new password is right', async () => {
    const phone = await logIn();
    const laptop = await again(phone);
    await app.client().post('/auth/password/forgot', { email: phone.email });
    const token = await app.mailedToken(phone.email);
    const reply = await app.client().post('/auth/password/reset', { token, password: NEW_PASSWORD });
    expect([reply.status, reply.text, reply.setCookies]).toEqual([204, '', []]);
    await expectEnded(phone, laptop);
    expect((await tryLogIn(phone.email, phone.password)).body.code).toBe('invalid_credentials');
    expect((await tryLogIn(phone.email, NEW_PASSWORD)).status).toBe(200);
  });

  it('a ban ends everything at once, and a user who is unbanned logs in anew', async () => {
    const user = await logIn();
    expect((await admin.post(`/admin/users/${user.userId}/ban`, {})).status).toBe(204);
    await expectEnded(user);
    const refused = await tryLogIn(user.email, user.password);
    expect([refused.status, refused.body.code]).toEqual([403, 'user_banned']);
    expect((await admin.post(`/admin/users/${user.userId}/unban`)).status).toBe(204);
    await expectEnded(user);
    expect((await tryLogIn(user.email, user.password)).status).toBe(200);
  });

  it('gives and takes roles, which count from the next request', async () => {
    const user = await logIn();
    const giveRoles = (roles: string[]) => admin.request('PUT', `/admin/users/${user.userId}/roles`, { roles });
    const refused = await user.get('/example/admin');
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect((await giveRoles(['admin'])).status).toBe(200);
    expect(await codeOf(user)).toBe(strategy === 'jwt' ? 'token_expired' : 200);
    const { body } = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    const promoted = strategy === 'jwt' ? app.client({ authorization: `Bearer ${body.accessToken}` }) : user;
    expect((await promoted.get('/example/admin')).status).toBe(200);
    expect((await giveRoles([])).status).toBe(200);
    expect((await promoted.get('/example/admin')).body.code).toBe(strategy === 'jwt' ? 'token_expired' : 'forbidden');
  });

  it('a login goes on with the code of the app, once, and shows both proofs', async () => {
    const ada = await protectedUser(app);
    const { email, password } = ada;
    const begin = async (browser: TestClient) => (await browser.post('/auth/login', { email, password })).body;
    const [here, there] = [app.client(), app.client()];
    const [one, other] = [await begin(here), await begin(there)];
    expect(one).toMatchObject({ status: 'factor_required', factors: ['totp', 'recovery_code'] });
    const proof = { factor: 'totp', code: ada.code() };
    const whole = await here.post('/auth/login/factor', { loginToken: one.loginToken, ...proof });
    takeTokens(here, whole);
    expect((await here.get('/auth/me')).body.session.amr).toEqual(['pwd', 'otp', 'mfa']);
    const refused = await there.post('/auth/login/factor', { loginToken: other.loginToken, ...proof });
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials']);
  });

  it('a deletion ends every session, and nothing of the user is left to log in to', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const other = await again(user);
    expect((await user.request('DELETE', '/auth/me', { password: user.password })).status).toBe(204);
    for (const device of [user, other]) expect((await device.get('/auth/me')).status).toBe(401);
    expect((await tryLogIn(user.email, user.password)).body.code).toBe('invalid_credentials');
  });

  it('revoke-all ends every session of everyone, the admin’s too, and none that is started afterwards', async () => {
    const actingAdmin = await app.logIn({ changes: { roles: ['admin'] }, transport: 'body' });
    const users = [actingAdmin, await logInBob(), await logInBob()];
    const devices = users.map(stolenFrom);
    for (const device of devices) expect(await codeOf(device)).toBe(200);
    expect((await actingAdmin.post('/admin/revoke-all')).status).toBe(204);
    await expectEnded(...devices);
    const later = await again(users[1]!);
    expect(await codeOf(later)).toBe(200);
    const { body } = await later.get('/auth/sessions');
    expect(body.sessions.map(({ id }: { id: string }) => id)).toEqual([later.sessionId]);
    admin = await app.logInAgain(actingAdmin);
    const all = await admin.get('/admin/sessions?limit=100');
    expect(all.body.sessions.map(({ id }: { id: string }) => id).sort()).toEqual(
      [later.sessionId, admin.sessionId].sort(),
    );
  });
}
