import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { type Answer, RawFollower, type VerifyKey, verifyKey } from './raw-follower.js';

const IDLE_SECONDS = 3_600;
const told = ({ status, body }: Answer<object> | TestReply) =>
  (body as { code?: string })?.code === undefined ? status : `${status} ${(body as { code?: string }).code}`;

overStores((sessionStore) => {
  let app: AuthTestApp;
  let verifier: VerifyKey;
  let service: RawFollower;
  beforeAll(async () => {
    app = await bootWithMadeUsers({
      authStrategies: ['session', 'jwt', 'api-key'],
      sessionStore,
      sessionIdleSeconds: IDLE_SECONDS,
      secondFactorRoles: ['boss'],
    });
    verifier = await verifyKey(app);
    service = new RawFollower(app.url, verifier.key);
  });
  afterAll(() => app.close());

  const someone = (changes?: object) => app.logIn({ strategy: 'jwt', transport: 'body', ...(changes && { changes }) });
  const verdictOf = async (ticket = '', more: object = {}) => {
    const { status, body } = await service.lookUp({ ticket, ...more });
    expect(status).toBe(200);
    return body;
  };
  const users = () => app.app.get(UserStore, { strict: false });

  it('tell of an access token what GET /auth/me tells its holder', async () => {
    const user = await someone();
    const verdict = await verdictOf(user.accessToken);
    const { user: known, session } = (await user.get('/auth/me')).body;
    const { current: _, ...shown } = session;
    expect(verdict).toMatchObject({
      accepted: true,
      by: 'session',
      strategy: 'jwt',
      user: known,
      session: shown,
      keep: true,
    });
    const own = [`session:${user.sessionId}`, `user:${user.userId}`, 'key:signing-keys'];
    expect(verdict).toMatchObject({ subjects: own, revision: expect.any(Number) });
    expect(verdict).not.toHaveProperty('scopes');
    expect(JSON.stringify(verdict)).not.toContain('ecret');
  });

  it('let an answer be kept for a tenth of the idle limit at most, and count as a use', async () => {
    const user = await someone();
    expect(await verdictOf(user.accessToken)).toMatchObject({ goodForSeconds: IDLE_SECONDS / 10 });
    app.clock.advance(600);
    expect(await verdictOf(user.accessToken)).toMatchObject({ accepted: true });
    // What a look-up has seen, the next one tells.
    const { session } = (await verdictOf(user.accessToken)) as { session: { lastSeenAt: string; expiresIn: number } };
    expect([new Date(session.lastSeenAt), session.expiresIn]).toEqual([app.clock.now(), IDLE_SECONDS]);
  });

  it('never let an answer be kept beyond the token', async () => {
    const user = await someone();
    app.clock.advance(700);
    const { goodForSeconds } = (await verdictOf(user.accessToken)) as { goodForSeconds: number };
    expect(goodForSeconds).toBeLessThanOrEqual(200);
    app.clock.advance(220);
    expect(await verdictOf(user.accessToken)).toEqual({ accepted: false, code: 'token_expired' });
  });

  it('tell of an API key its owner and scopes', async () => {
    const user = await someone();
    const order = { name: 'nightly', scopes: ['orders:read'], expiresInSeconds: 100 };
    const { id, apiKey } = (await user.post('/auth/api-keys', order)).body;
    const verdict = await verdictOf(apiKey, { audience: 'https://elsewhere.example.com' });
    expect(verdict).toMatchObject({ accepted: true, by: 'credential', strategy: 'api-key', scopes: ['orders:read'] });
    expect(verdict).toMatchObject({
      user: { id: user.userId },
      credential: { id, name: 'nightly' },
      goodForSeconds: 100,
    });
    expect(verdict).toMatchObject({ subjects: [`key:${id}`, `user:${user.userId}`] });
    expect(verdict).not.toHaveProperty('session');
    expect((await user.delete(`/auth/api-keys/${id}`)).status).toBe(204);
    expect(await verdictOf(apiKey)).toEqual({ accepted: false, code: 'unauthenticated' });
  });

  it.each<[string, (user: TestUser) => Promise<unknown>, string]>([
    ['a logout', (user) => user.post('/auth/logout'), 'session_ended'],
    ['a ban', (user) => verifier.admin.post(`/admin/users/${user.userId}/ban`, {}), 'session_ended'],
    ['a change of roles', (user) => users().update(user.userId, { roles: ['clerk'] }), 'token_expired'],
    ['the end of the account', (user) => verifier.admin.delete(`/admin/users/${user.userId}`), 'unauthenticated'],
  ])('refuse a token after %s, with the code that the service itself answers', async (_what, end, code) => {
    const user = await someone();
    expect(await verdictOf(user.accessToken)).toMatchObject({ accepted: true });
    await end(user);
    expect(await verdictOf(user.accessToken)).toEqual({ accepted: false, code });
    expect((await user.get('/auth/me')).body.code).toBe(code);
  });

  it.each<[string, (user: TestUser) => string, object]>([
    ['a refresh token', ({ refreshToken = '' }) => refreshToken, {}],
    ['text', () => 'Bearer of bad news', {}],
    ['a key that is none', () => `cck_${'0'.repeat(32)}_${'0'.repeat(49)}`, {}],
    [
      'a token for another audience',
      ({ accessToken = '' }) => accessToken,
      { audience: 'https://elsewhere.example.com' },
    ],
    ['a token with another signature', ({ accessToken = '' }) => `${accessToken.slice(0, -6)}AAAAAA`, {}],
    ['a token without one', ({ accessToken = '' }) => `${accessToken.split('.').slice(0, 2).join('.')}.`, {}],
  ])('refuse %s', async (_what, ticketOf, more) => {
    expect(await verdictOf(ticketOf(await someone()), more)).toEqual({ accepted: false, code: 'unauthenticated' });
  });

  it('refuse the cookie of a session', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const [, cookie = ''] = /=([^;]+)/.exec(user.headers.cookie ?? '') ?? [];
    expect(cookie.length).toBeGreaterThan(30);
    expect(await verdictOf(decodeURIComponent(cookie))).toEqual({ accepted: false, code: 'unauthenticated' });
  });

  it('let no answer about an admin who acts as a user be kept, as no revocation of the session would tell of the admin', async () => {
    const user = await someone();
    const acting = await verifier.admin.post(`/admin/users/${user.userId}/impersonate`, {
      strategy: 'jwt',
      transport: 'body',
    });
    const { accessToken } = acting.body;
    const verdict = await verdictOf(accessToken);
    expect(verdict).toMatchObject({ accepted: true, keep: false, goodForSeconds: 0, user: { id: user.userId } });
    expect(verdict).toMatchObject({ session: { impersonatorId: verifier.admin.userId } });
  });

  it('refuse a session that may only enrol a factor, for any audience', async () => {
    const { email, password } = await app.register({ changes: { roles: ['boss'] } });
    const half = await app.client().post('/auth/login', { email, password, strategy: 'jwt', transport: 'body' });
    expect(half.body.status).toBe('enrolment_required');
    const { aud } = JSON.parse(Buffer.from(half.body.accessToken.split('.')[1], 'base64url').toString());
    expect(aud).toMatch(/#enrolment$/);
    expect(await verdictOf(half.body.accessToken)).toEqual({ accepted: false, code: 'unauthenticated' });
    expect(await verdictOf(half.body.accessToken, { audience: aud })).toEqual({ accepted: false, code: 'forbidden' });
  });

  it('refuse tokens of withdrawn signing keys', async () => {
    const user = await someone();
    expect(await verdictOf(user.accessToken)).toMatchObject({ accepted: true });
    expect((await verifier.admin.post('/admin/keys/rotate', { now: true })).status).toBe(204);
    expect(await verdictOf(user.accessToken)).toEqual({ accepted: false, code: 'token_expired' });
  });

  it('say so when the feed has not come to the number that they name', async () => {
    const user = await someone();
    const follower = await RawFollower.open(app.url, verifier.key, { mode: 'bounded' });
    const ticket = user.accessToken ?? '';
    expect((await follower.lookUp({ ticket, applied: follower.lease.head })).body).toMatchObject({ accepted: true });
    expect(told(await follower.lookUp({ ticket, applied: follower.lease.head + 1000 }))).toBe('409 conflict');
    expect(told(await follower.lookUp({ ticket, applied: Number.MAX_SAFE_INTEGER }))).toBe('409 conflict');
    follower.hangUp();
  });

  it.each<[string, unknown]>([
    ['no body', undefined],
    ['no ticket', {}],
    ['an empty ticket', { ticket: '' }],
    ['a ticket that is none', { ticket: ['a'] }],
    ['a ticket too long for any', { ticket: 'a'.repeat(8193) }],
    ['a number below all', { ticket: 'a', applied: -1 }],
    ['half a number', { ticket: 'a', applied: 0.5 }],
    ['a number beyond all', { ticket: 'a', applied: 1e300 }],
    ['null for a number', { ticket: 'a', applied: null }],
    ['an audience that is none', { ticket: 'a', audience: {} }],
    ['a field that there is not', { ticket: 'a', sudo: true }],
    ['a list', ['a']],
  ])('answer %s with what is wrong', async (_what, body) => {
    const reply = await service.send<object>('POST', '/auth/followers/look-ups', body as object);
    expect(told(reply)).toBe('400 validation_failed');
  });
});
