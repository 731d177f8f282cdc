import type { AuthOptions } from '../../src/auth.module.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService, overEveryCombination, STRATEGIES, type StrategyUnderTest } from './combinations.js';

overEveryCombination((strategy, store) => rules(strategy, { sessionStore: store }));
describe.each(STRATEGIES)('on the embedded database by %s', (strategy) => rules(strategy, { dataDir: 'memory://' }));

function rules(strategy: StrategyUnderTest, options: AuthOptions): void {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ authStrategies: [strategy], ...options });
  });
  afterAll(() => app.close());

  it('leads a newcomer from registration to a recognised request', async () => {
    const visitor = app.client();
    const registered = await visitor.post('/auth/register', {
      email: 'Ada@Example.com',
      password: 'an engine weaves algebra',
      name: 'Ada',
    });
    expect(registered.status).toBe(202);
    expect(registered.body).toEqual({ status: 'verification_sent' });

    const early = await visitor.post('/auth/login', { email: 'ada@example.com', password: 'an engine weaves algebra' });
    expect([early.status, early.body.code]).toEqual([403, 'email_unverified']);

    const token = await app.mailedToken('ada@example.com');
    expect((await visitor.post('/auth/email/verify', { token })).status).toBe(204);
    const again = await visitor.post('/auth/email/verify', { token });
    expect([again.status, again.body.code]).toEqual([400, 'invalid_token']);

    const ada = await app.logInAgain({ email: 'ada@example.com', password: 'an engine weaves algebra' });
    const me = await ada.get('/auth/me');
    expect(me.status).toBe(200);
    expect(me.body.user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada',
      roles: [],
      createdAt: app.clock.now().toISOString(),
    });
    expect(me.body.session).toMatchObject({
      id: ada.sessionId,
      strategy,
      amr: ['pwd'],
      current: true,
      ip: '127.0.0.1',
    });
    expect((await ada.get('/example/protected')).body).toEqual({
      message: 'hello, ada@example.com',
      userId: ada.userId,
    });
  });

  it('ends everything on logout, at once', async () => {
    const user = await app.logIn();
    const thief = user.copy();
    const reply = await user.post('/auth/logout');
    expect(reply.status).toBe(204);
    const replay = await thief.get('/auth/me');
    expect([replay.status, replay.body.code]).toEqual([401, 'session_ended']);
    expect((await thief.post('/auth/refresh')).status).toBe(401);
    expect((await user.get('/auth/me')).status).toBe(401);
  });

  it('answers logout with 204 whatever the ticket', async () => {
    const forged: Record<string, string> =
      strategy === 'session' ? { cookie: 'session=nonsense' } : { authorization: 'Bearer nonsense' };
    expect((await app.client().post('/auth/logout')).status).toBe(204);
    expect((await app.client(forged).post('/auth/logout')).status).toBe(204);
    const user = await app.logIn();
    const late = user.copy();
    app.clock.advance(16 * 60);
    expect((await late.post('/auth/logout')).status).toBe(204);
    expect((await user.get('/auth/me')).body.code).toBe(strategy === 'session' ? 'session_ended' : 'token_expired');
    const sessions = await (await app.logInAgain(user)).get('/auth/sessions');
    expect(sessions.body.sessions).toHaveLength(1);
  });

  it('gives every login a session of its own, whatever the client brought along', async () => {
    const user = await app.register();
    const planted = app.client();
    planted.setCookie('session', `00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}`);
    const first = await planted.post('/auth/login', user);
    const second = await planted.post('/auth/login', user);
    expect(first.status).toBe(200);
    expect(second.status).toBe(200);
    expect(second.body.session.id).not.toBe(first.body.session.id);
    expect(first.body.session.id).not.toBe('00000000-0000-4000-8000-000000000000');
  });

  it('ends the session that a new login in the same browser replaces', async () => {
    const browser = await app.logIn({ transport: 'cookie' });
    const stolen = browser.copy();
    expect(
      (await browser.post('/auth/login', { email: browser.email, password: browser.password, transport: 'cookie' }))
        .status,
    ).toBe(200);
    expect((await stolen.get('/auth/me')).body.code).toBe('session_ended');
    const sessions = await browser.get('/auth/sessions');
    expect(sessions.body.sessions).toHaveLength(1);
    const other = await app.logInAgain(browser);
    expect((await other.get('/auth/sessions')).body.sessions).toHaveLength(2);
  });

  it('closes every route but the public ones', async () => {
    for (const path of ['/auth/me', '/auth/sessions', '/example/protected', '/example/admin']) {
      const reply = await app.client().get(path);
      expect([path, reply.status, reply.body.code]).toEqual([path, 401, 'unauthenticated']);
      expect(reply.headers.get('www-authenticate')).toBeTruthy();
    }
    expect((await app.client().get('/example/public')).status).toBe(200);
  });

  it('tells a user without the role 403, and lets the one with it pass', async () => {
    const user = await app.logIn();
    const refused = await user.get('/example/admin');
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    expect((await admin.get('/example/admin')).status).toBe(200);
  });

  it('refuses a strategy that is switched off', async () => {
    const user = await app.register();
    const other = strategy === 'session' ? 'jwt' : 'session';
    const reply = await app.client().post('/auth/login', { ...user, strategy: other });
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(reply.body.errors[0].field).toBe('strategy');
  });
}
