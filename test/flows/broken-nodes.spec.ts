import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { DatabaseProxy } from '../database-proxy.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { bootService, overStrategies, STRATEGIES, type StrategyUnderTest } from './combinations.js';
import { StoreCalls } from './counting-providers.js';

const LEASE_SECONDS = 1;

describe('a node that loses touch', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let healthy: AuthTestApp;
  let broken: AuthTestApp;
  const calls = new StoreCalls();

  beforeAll(async () => {
    database = await freshDatabase();
    proxy = new DatabaseProxy(new URL(database.url));
    const options = { nodeLeaseSeconds: LEASE_SECONDS };
    healthy = await bootService({ ...options, databaseUrl: database.url });
    broken = await bootService({ ...options, databaseUrl: await proxy.open() }, calls.providers);
    calls.watch(broken);
  });
  afterAll(async () => {
    await Promise.all([healthy.close(), broken.close()]);
    proxy.close();
    await database.drop();
  });

  /** Somebody logged in, known to both nodes; the same browser at the broken one. */
  async function loggedIn(strategy: StrategyUnderTest) {
    const user = await healthy.logIn({ strategy, transport: 'cookie' });
    const there = user.copyInto(broken.client());
    while ((await there.get('/auth/me')).status !== 200);
    expect((await user.get('/auth/me')).status).toBe(200);
    return { user, there };
  }

  /** One by each strategy: an outage is waited for once. */
  const oneByEach = () => Promise.all(STRATEGIES.map(loggedIn));

  async function expectUnavailable(client: TestClient) {
    const { status, body, headers, setCookies } = await client.get('/auth/me');
    expect([status, body.code, setCookies]).toEqual([503, 'unavailable', []]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }

  async function expectHealed(client: TestClient) {
    while ((await client.get('/auth/me')).status === 503);
    // A view that counts again answers without the store.
    while ((await calls.during(() => client.get('/auth/me'))) > 0);
    expect((await client.get('/auth/me')).status).toBe(200);
  }

  it('never serves what was ended meanwhile, and heals, when its connections go silent', async () => {
    const [kept, ended] = [await oneByEach(), await oneByEach()];
    proxy.silence();
    for (const { user } of ended) expect((await user.copy().post('/auth/logout')).status).toBe(204);
    await Promise.all([...ended, ...kept].map(({ there }) => expectUnavailable(there)));
    // That the dead node delays revokers by its lease, once, is in the feed's contract.
    expect((await (await healthy.logIn()).post('/auth/logout')).status).toBe(204);
    proxy.mend();
    for (const { there } of kept) await expectHealed(there);
    for (const { there } of ended) expect((await there.get('/auth/me')).body.code).toBe('session_ended');
  }, 60_000);

  it('answers 503 with Retry-After and touches no cookie while the store is gone, then heals', async () => {
    const known = await oneByEach();
    proxy.cut();
    for (const { there } of known) while ((await there.get('/auth/me')).status === 200);
    await Promise.all(known.map(({ there }) => expectUnavailable(there)));
    for (const { there } of known) expect((await there.post('/auth/logout')).status).toBe(503);
    for (const { user } of known)
      await healthy.app.get(UserStore, { strict: false }).update(user.userId, { name: 'Changed Meanwhile' });
    proxy.mend();
    for (const { there } of known) {
      await expectHealed(there);
      expect((await there.get('/auth/me')).body.user.name).toBe('Changed Meanwhile');
    }
  }, 60_000);

  overStrategies((strategy) => {
    it('refuses what was ended while every connection to the database was being killed', async () => {
      const { user, there } = await loggedIn(strategy);
      const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
      const { AUTH_DATA_SOURCE } = await import('../../src/database/auth-data-source.js');
      await healthy.app.get(AUTH_DATA_SOURCE, { strict: false }).query(kill);
      const replay = user.copy();
      while ((await user.post('/auth/logout')).status !== 204);
      const answers = await Promise.all([...Array(20)].map(() => there.get('/auth/me')));
      expect(answers.filter(({ status }) => status === 200)).toEqual([]);
      for (const client of [replay, there]) {
        let reply = await client.get('/auth/me');
        while (reply.status === 503) reply = await client.get('/auth/me');
        expect(reply.body.code).toBe('session_ended');
      }
    }, 60_000);
  });
});
