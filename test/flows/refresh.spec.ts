import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { overStores } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const DAY = 86_400;

// The contract suite proves the exchange of tokens on every store; here it is what the service makes of it.
overStores((store) => {
  describe('refreshing', () => {
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ authStrategies: ['jwt'], sessionStore: store });
    });
    afterAll(() => app.close());

    const refresh = (refreshToken: string | undefined) => app.client().post('/auth/refresh', { refreshToken });
    const access = (reply: TestReply) =>
      app.client({ authorization: `Bearer ${reply.body.accessToken}` }).get('/auth/me');
    const logIn = (): Promise<TestUser> => app.logIn({ transport: 'body' });

    it('gives a new pair and spends the old refresh token', async () => {
      const user = await logIn();
      app.clock.advance(901 + 5);
      expect((await user.get('/auth/me')).body.code).toBe('token_expired');
      const reply = await refresh(user.refreshToken);
      expect(reply.status).toBe(200);
      expect(reply.body).toEqual({
        accessToken: expect.any(String),
        tokenType: 'Bearer',
        expiresIn: expect.any(Number),
        refreshExpiresIn: 604_800,
        refreshToken: expect.any(String),
      });
      expect(reply.body.refreshToken).not.toBe(user.refreshToken);
      expect((await access(reply)).status).toBe(200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
    });

    it('gives the same successor again within the grace, while that is unused', async () => {
      const user = await logIn();
      const first = await refresh(user.refreshToken);
      app.clock.advance(30);
      const retry = await refresh(user.refreshToken);
      expect(retry.status).toBe(200);
      expect(retry.body.refreshToken).toBe(first.body.refreshToken);
      expect((await access(retry)).status).toBe(200);
    });

    it('ends the session when a spent token comes back after the grace', async () => {
      const user = await logIn();
      const first = await refresh(user.refreshToken);
      expect((await access(first)).status).toBe(200);
      app.clock.advance(31);
      const reuse = await refresh(user.refreshToken);
      expect([reuse.status, reuse.body.code]).toEqual([401, 'session_ended']);
      expect((await refresh(first.body.refreshToken)).body.code).toBe('session_ended');
      expect((await access(first)).body.code).toBe('session_ended');
    });

    it('gives a lost response again long after the grace, while nothing of the new pair was presented', async () => {
      const user = await logIn();
      const first = await refresh(user.refreshToken);
      app.clock.advance(12 * 3600);
      const retry = await refresh(user.refreshToken);
      expect([retry.status, retry.body.refreshToken]).toEqual([200, first.body.refreshToken]);
      // As new: its deadline too, and what two tabs ask for at once.
      expect(retry.body.refreshExpiresIn).toBe(604_800);
      expect((await access(retry)).status).toBe(200);
      expect((await refresh(user.refreshToken)).status).toBe(200);
      app.clock.advance(31);
      expect((await refresh(user.refreshToken)).body.code).toBe('session_ended');
      expect((await refresh(retry.body.refreshToken)).body.code).toBe('session_ended');
    });

    it('takes the use of an access token from before the refresh for no sign that the response came', async () => {
      const user = await logIn();
      app.clock.advance(2);
      const first = await refresh(user.refreshToken);
      app.clock.advance(60);
      expect((await user.get('/auth/me')).status).toBe(200);
      expect((await refresh(user.refreshToken)).body.refreshToken).toBe(first.body.refreshToken);
    });

    it('gives no lost response of a session that is over, by any end', async () => {
      for (const end of [(user: TestUser) => user.post('/auth/logout'), async () => app.clock.advance(31 * 86_400)]) {
        const user = await logIn();
        await refresh(user.refreshToken);
        app.clock.advance(60);
        await end(user);
        expect((await refresh(user.refreshToken)).body.code).toBe('session_ended');
      }
    });

    it('ends the session when a spent token comes back after its successor was used, grace or not', async () => {
      const user = await logIn();
      const first = await refresh(user.refreshToken);
      const second = await refresh(first.body.refreshToken);
      expect(second.status).toBe(200);
      expect((await refresh(user.refreshToken)).body.code).toBe('session_ended');
      expect((await refresh(second.body.refreshToken)).body.code).toBe('session_ended');
      expect((await access(second)).body.code).toBe('session_ended');
    });

    it('leaves other sessions of the user alone when one is ended by reuse', async () => {
      const stolen = await logIn();
      const other = await app.logInAgain({ ...stolen, transport: 'body' });
      await access(await refresh(stolen.refreshToken));
      app.clock.advance(31);
      await refresh(stolen.refreshToken);
      expect((await other.get('/auth/me')).status).toBe(200);
      expect((await refresh(other.refreshToken)).status).toBe(200);
    });

    it('never leaves two live successors when fifty present one token at once', async () => {
      const user = await logIn();
      const replies = await Promise.all(Array.from({ length: 50 }, () => refresh(user.refreshToken)));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(replies.map(({ body }) => body.refreshToken)).size).toBe(1);
    });

    it('revokes nothing for a token that never was', async () => {
      const user = await logIn();
      const [sessionId, secret = ''] = user.refreshToken!.split('.');
      const wrongSecret = `${sessionId}.${(secret[0] === 'A' ? 'B' : 'A') + secret.slice(1)}`;
      for (const token of [wrongSecret, 'nonsense', '', `${sessionId}.`, 'x'.repeat(300)]) {
        const reply = await refresh(token);
        expect([400, 401]).toContain(reply.status);
        if (reply.status === 401) expect(reply.body.code).toBe('unauthenticated');
      }
      expect((await refresh(user.refreshToken)).status).toBe(200);
    });

    it('stops at the absolute limit of the session, however often it is used', async () => {
      const user = await logIn();
      let token = user.refreshToken;
      for (let day = 0; day < 28; day += 4) {
        app.clock.advance(4 * DAY);
        const reply = await refresh(token);
        expect(reply.status).toBe(200);
        token = reply.body.refreshToken;
      }
      app.clock.advance(2 * DAY);
      const late = await refresh(token);
      expect([late.status, late.body.code]).toEqual([401, 'session_ended']);
    });

    it('refuses a refresh token unused for seven days', async () => {
      const inside = await logIn();
      const outside = await app.logInAgain({ ...inside, transport: 'body' });
      app.clock.advance(7 * DAY - 1);
      expect((await refresh(inside.refreshToken)).status).toBe(200);
      app.clock.advance(1);
      expect((await refresh(outside.refreshToken)).body.code).toBe('session_ended');
    });
  });

  describe('refreshing without grace', () => {
    it('has one winner among fifty, and the reuse ends the session', async () => {
      const app = await bootWithMadeUsers({ authStrategies: ['jwt'], sessionStore: store, refreshGraceSeconds: 0 });
      const user = await app.logIn({ transport: 'body' });
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => app.client().post('/auth/refresh', { refreshToken: user.refreshToken })),
      );
      const won = replies.filter(({ status }) => status === 200);
      expect(won.length).toBeLessThanOrEqual(1);
      expect(replies.filter(({ body }) => body.code === 'session_ended')).toHaveLength(50 - won.length);
      expect((await user.get('/auth/me')).body.code).toBe('session_ended');
      await app.close();
    });
  });
});

describe('refreshing, whatever the store', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['jwt'] });
  });
  afterAll(() => app.close());

  it('keeps the refresh token out of the reply when it travels in a cookie', async () => {
    const user = await app.logIn({ transport: 'split' });
    expect(user.refreshToken).toBeUndefined();
    expect(user.cookie('refresh')).toBeDefined();
    const reply = await user.post('/auth/refresh');
    expect(reply.status).toBe(200);
    expect(reply.body.refreshToken).toBeUndefined();
    expect(reply.setCookies.find((line) => line.startsWith('refresh='))).toMatch(/; Path=\/; .*HttpOnly/);
  });

  it('works with both tokens in cookies', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    expect(user.accessToken).toBeUndefined();
    expect((await user.get('/auth/me')).status).toBe(200);
    app.clock.advance(906);
    expect((await user.get('/auth/me')).body.code).toBe('token_expired');
    expect((await user.post('/auth/refresh')).status).toBe(200);
    expect((await user.get('/auth/me')).status).toBe(200);
    const replay = user.copy();
    await user.post('/auth/logout');
    expect(user.cookie('refresh')).toBeUndefined();
    expect(user.cookie('access')).toBeUndefined();
    expect((await replay.get('/auth/me')).body.code).toBe('session_ended');
    expect((await replay.post('/auth/refresh')).body.code).toBe('session_ended');
  });

  it('refuses a refresh that another site sends', async () => {
    const user = await app.logIn({ transport: 'split' });
    const browser = user.copyInto(app.client());
    const reply = await browser.post('/auth/refresh', undefined, {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    expect([reply.status, reply.body.code]).toEqual([403, 'csrf_rejected']);
    expect((await user.post('/auth/refresh')).status).toBe(200);
  });
});
