import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService, overEveryCombination } from './combinations.js';

const HOUR = 3600;

overEveryCombination((strategy, store) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({
      authStrategies: [strategy],
      sessionStore: store,
      sessionIdleSeconds: 7 * HOUR,
      sessionAbsoluteSeconds: 20 * HOUR,
      // Longer than the session, so that the session's own deadlines show under jwt too.
      accessTokenSeconds: 24 * HOUR,
    });
  });
  afterAll(() => app.close());

  it('lists my sessions, the current one marked, and nobody else’s', async () => {
    const phone = await app.logIn();
    await app.logIn();
    app.clock.advance(1);
    const laptop = await app.logInAgain(phone);
    const { body } = await laptop.get('/auth/sessions');
    expect(body.sessions.map((session: { id: string; current: boolean }) => [session.id, session.current])).toEqual([
      [laptop.sessionId, true],
      [phone.sessionId, false],
    ]);
    expect(Object.keys(body.sessions[0]).sort()).toEqual(
      ['amr', 'createdAt', 'current', 'device', 'expiresAt', 'id', 'ip', 'lastSeenAt', 'strategy', 'userAgent'].sort(),
    );
  });

  it('names the device a session was started on', async () => {
    const known = await app.register();
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    const { body } = await app.client({ 'user-agent': firefox }).post('/auth/login', known);
    expect(body.session).toMatchObject({ device: 'Firefox on Linux', userAgent: firefox });
  });

  it('ends one of my sessions, at once, and leaves the others', async () => {
    const phone = await app.logIn();
    const laptop = await app.logInAgain(phone);
    expect((await laptop.delete(`/auth/sessions/${phone.sessionId}`)).status).toBe(204);
    expect((await phone.get('/auth/me')).body.code).toBe('session_ended');
    expect((await laptop.get('/auth/me')).status).toBe(200);
    expect((await laptop.delete(`/auth/sessions/${phone.sessionId}`)).status).toBe(404);
  });

  it('answers somebody else’s session like a missing one', async () => {
    const mine = await app.logIn();
    const theirs = await app.logIn();
    const foreign = await mine.delete(`/auth/sessions/${theirs.sessionId}`);
    const missing = await mine.delete('/auth/sessions/3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11');
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
    expect({ ...missing.body, requestId: '' }).toEqual({ ...foreign.body, requestId: '' });
    expect((await theirs.get('/auth/me')).status).toBe(200);
    const malformed = await mine.delete('/auth/sessions/..%2f..%2fadmin');
    expect([malformed.status, malformed.body.code]).toEqual([400, 'validation_failed']);
  });

  it('ends all sessions, or all but this one', async () => {
    const phone = await app.logIn();
    const laptop = await app.logInAgain(phone);
    expect((await laptop.post('/auth/logout-all', { keepCurrent: true })).status).toBe(204);
    expect((await phone.get('/auth/me')).body.code).toBe('session_ended');
    expect((await laptop.get('/auth/me')).status).toBe(200);
    const replay = laptop.copy();
    expect((await laptop.post('/auth/logout-all')).status).toBe(204);
    expect((await replay.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('ends an unused session after the idle limit, not a second before', async () => {
    const kept = await app.logIn();
    const dropped = await app.logInAgain(kept);
    app.clock.advance(7 * HOUR - 1);
    expect((await kept.get('/auth/me')).status).toBe(200);
    app.clock.advance(1);
    expect((await dropped.get('/auth/me')).body.code).toBe('session_ended');
    expect((await kept.get('/auth/me')).status).toBe(200);
  });

  it('ends a session at the absolute limit, however much it is used', async () => {
    const user = await app.logIn();
    for (let hour = 0; hour < 20; hour += 5) {
      expect((await user.get('/auth/me')).status).toBe(200);
      app.clock.advance(5 * HOUR - 1);
    }
    app.clock.advance(3);
    expect((await user.get('/auth/me')).status).toBe(200);
    app.clock.advance(1);
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('writes last_seen_at at most once a minute', async () => {
    const user = await app.logIn();
    const seen = async () => (await user.get('/auth/sessions')).body.sessions[0].lastSeenAt;
    const start = await seen();
    app.clock.advance(59);
    expect(await seen()).toBe(start);
    app.clock.advance(1);
    expect(await seen()).toBe(app.clock.now().toISOString());
  });

  it('has exactly one winner when one session is ended by fifty at once', async () => {
    const user = await app.logIn();
    const doomed = await app.logInAgain(user);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => user.delete(`/auth/sessions/${doomed.sessionId}`)),
    );
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 404)).toHaveLength(49);
  });

  it('ends a banned user’s sessions at the next request', async () => {
    const { UserStore } = await import('../../src/users/user.store.js');
    const user = await app.logIn();
    await app.app.get(UserStore, { strict: false }).update(user.userId, { bannedAt: app.clock.now() });
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
    const again = await app.client().post('/auth/login', { email: user.email, password: user.password });
    expect([again.status, again.body.code]).toEqual([403, 'user_banned']);
    const wrong = await app.client().post('/auth/login', { email: user.email, password: 'not the password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
  });
});
