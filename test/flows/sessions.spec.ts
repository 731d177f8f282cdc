import type { AuthTestApp } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { overStores, overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

// How sessions end, and at which limits, is in the trunk.
describe('sessions', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
  });
  afterAll(() => app.close());

  it('are listed to their user, the current one marked, and to no other', async () => {
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
      ['amr', 'createdAt', 'current', 'device', 'expiresAt', 'expiresIn', 'id', 'ip', 'lastSeenAt'].concat([
        'strategy',
        'userAgent',
      ]),
    );
  });

  it('name the device they were started on', async () => {
    const known = await app.register();
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    const { body } = await app.client({ 'user-agent': firefox }).post('/auth/login', known);
    expect(body.session).toMatchObject({ device: 'Firefox on Linux', userAgent: firefox });
  });

  it('of another user are like missing ones', async () => {
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

  overStrategies((strategy) => {
    it('of a banned user end with the next request', async () => {
      const user = await app.logIn({ strategy });
      await app.app.get(UserStore, { strict: false }).update(user.userId, { bannedAt: app.clock.now() });
      expect((await user.get('/auth/me')).body.code).toBe('session_ended');
      const again = await app.client().post('/auth/login', { email: user.email, password: user.password });
      expect([again.status, again.body.code]).toEqual([403, 'user_banned']);
      const wrong = await app.client().post('/auth/login', { email: user.email, password: 'not the password' });
      expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    });
  });
});

overStores((sessionStore) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ sessionStore });
  });
  afterAll(() => app.close());

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
});

describe('the address a session was started from', () => {
  let app: AuthTestApp;
  let known: { email: string; password: string };
  beforeAll(async () => {
    app = await bootWithMadeUsers({ trustedProxies: ['127.0.0.1'] });
    known = await app.register();
  });
  afterAll(() => app.close());

  const loginFrom = async (service: AuthTestApp, user: typeof known, forwarded: string) => {
    const reply = await service.client({ 'x-forwarded-for': forwarded }).post('/auth/login', user);
    return [reply.status, reply.body.session?.ip];
  };

  it('is the connection’s, whatever the client writes, while no proxy is trusted', async () => {
    const unproxied = await bootWithMadeUsers();
    expect(await loginFrom(unproxied, await unproxied.register(), '203.0.113.7')).toEqual([200, '127.0.0.1']);
    await unproxied.close();
  });

  it('is what a trusted proxy says, without the port', async () => {
    expect(await loginFrom(app, known, '198.51.100.1, 203.0.113.7')).toEqual([200, '203.0.113.7']);
    expect(await loginFrom(app, known, '1.2.3.4:5555')).toEqual([200, '1.2.3.4']);
  });

  it.each(['unknown', 'a'.repeat(60), '"quoted" <x>'])(
    'is the proxy’s own when a trusted proxy passes on %j, which is no address',
    async (forwarded) => {
      expect(await loginFrom(app, known, forwarded)).toEqual([200, '127.0.0.1']);
    },
  );
});
