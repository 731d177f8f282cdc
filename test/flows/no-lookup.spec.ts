import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService, overEveryCombination, PUSHING_STORES } from './combinations.js';
import { StoreCalls } from './counting-providers.js';

const REQUESTS = 100;

// A store without a feed cannot push, and is asked at every request (`no-feed.spec`).
overEveryCombination((strategy, store) => {
  const calls = new StoreCalls();
  let app: AuthTestApp;
  beforeAll(async () => {
    // A look into the mail queue would be counted too.
    const options = { authStrategies: [strategy], sessionStore: store, mailPollSeconds: 3600 };
    app = await bootService(options, calls.providers);
    calls.watch(app);
  });
  afterAll(() => app.close());

  it('asks no store in steady state', async () => {
    const users = [await app.logIn(), await app.logIn(), await app.logIn()];
    const everyone = () => Promise.all(users.map((user) => user.get('/auth/me')));
    await everyone();
    const made = await calls.during(async () => {
      for (let request = 0; request < REQUESTS; request += 1) {
        expect((await everyone()).map(({ status }) => status)).toEqual([200, 200, 200]);
      }
    });
    expect(made).toBe(0);
  });

  it('asks once for many first requests of one session at once', async () => {
    const user = await app.logIn();
    // A session and its user: two look-ups.
    const made = await calls.during(() => Promise.all(Array.from({ length: 20 }, () => user.get('/auth/me'))));
    expect(made).toBeGreaterThan(0);
    const fresh = await app.logInAgain(user);
    const alone = await calls.during(() => fresh.get('/auth/me'));
    expect(made).toBe(alone);
  });

  it('does not ask about a session that is known to have ended', async () => {
    const user = await app.logIn();
    const replay = user.copy();
    await user.post('/auth/logout');
    await replay.get('/auth/me');
    const made = await calls.during(async () => {
      for (let request = 0; request < 10; request += 1) {
        expect((await replay.get('/auth/me')).body.code).toBe('session_ended');
      }
    });
    expect(made).toBe(0);
  });

  it('asks again once after a change of the user', async () => {
    const { UserStore } = await import('../../src/users/user.store.js');
    const user = await app.logIn({ transport: 'body' });
    await user.get('/auth/me');
    await app.app.get(UserStore, { strict: false }).update(user.userId, { name: 'Ada' });
    expect((await user.get('/auth/me')).body.user.name).toBe('Ada');
    expect(await calls.during(() => user.get('/auth/me'))).toBe(0);
  });
}, PUSHING_STORES);

describe.each(PUSHING_STORES)('a key on the %s store', (store) => {
  const calls = new StoreCalls();
  let app: AuthTestApp;
  beforeAll(async () => {
    const late = { mailPollSeconds: 3600, apiKeyUsageSeconds: 3600 };
    app = await bootService({ authStrategies: ['session', 'api-key'], sessionStore: store, ...late }, calls.providers);
    calls.watch(app);
  });
  afterAll(() => app.close());

  it('asks no store in steady state, and once for many first requests at once', async () => {
    const user = await app.logIn();
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'] })).body;
    const client = app.client({ authorization: `Bearer ${apiKey}` });
    // The owner is told by mail, and a look into its queue would be counted.
    await app.mails();
    const first = await calls.during(() =>
      Promise.all(Array.from({ length: 20 }, () => client.get('/example/scoped'))),
    );
    // One statement finds the key with its owner; those who come while it is under way share the next.
    expect(first).toBeLessThanOrEqual(6);
    const made = await calls.during(async () => {
      for (let request = 0; request < REQUESTS; request += 1) {
        expect((await client.get('/example/scoped')).status).toBe(200);
      }
    });
    expect(made).toBe(0);
  });

  it('asks none about a key that is malformed, or is known to be revoked', async () => {
    const user = await app.logIn();
    const { id, apiKey } = (await user.post('/auth/api-keys', { name: 'export', scopes: [] })).body;
    await user.delete(`/auth/api-keys/${id}`);
    await app.mails();
    const refused = async (key: string) => (await app.client({ 'x-api-key': key }).get('/auth/me')).status;
    expect(await refused(apiKey)).toBe(401);
    const made = await calls.during(async () => {
      for (const key of [apiKey, apiKey, `${apiKey.slice(0, -1)}-`, 'cck_', apiKey.slice(0, -1)]) {
        expect(await refused(key)).toBe(401);
      }
    });
    expect(made).toBe(0);
  });
});
