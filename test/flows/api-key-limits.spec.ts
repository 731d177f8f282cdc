import { RateLimitStore } from '../../src/limits/rate-limit.store.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { overStores } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { Fleet } from './several-nodes.js';

const QUOTA = 20;
/** Each of the nodes revokes twice. */
const ROUNDS = 6;

const passed = (replies: readonly TestReply[]) => replies.filter(({ status }) => status === 200).length;
const times = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

async function keyOf(app: AuthTestApp, admin: TestUser, limits: object) {
  const { id } = (await admin.post('/admin/users', { kind: 'service', name: 'orders' })).body;
  const path = `/admin/users/${id}/api-keys`;
  const { status, body } = await admin.post(path, { name: 'sync', scopes: [], ...limits });
  expect(status).toBe(201);
  return { path, id: body.id as string, headers: { 'x-api-key': body.apiKey as string }, app };
}

overStores((sessionStore) => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key'], sessionStore });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  it(`a key passes exactly ${QUOTA} times by its quota, of ${10 * QUOTA} at once, and again in the next window (KEY-05)`, async () => {
    const { headers, path, id } = await keyOf(app, admin, { quota: QUOTA, quotaWindowSeconds: 100 });
    const replies = await times(10 * QUOTA, () => app.client(headers).get('/auth/me'));
    expect(passed(replies)).toBe(QUOTA);
    const refused = replies.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(new Set(['429 rate_limited']));
    for (const reply of refused) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    const { days } = (await admin.get(`${path}/${id}/usage`)).body;
    expect(days).toMatchObject([{ requests: 10 * QUOTA, refused: 9 * QUOTA }]);
    app.clock.advance(100);
    expect(passed(await times(2 * QUOTA, () => app.client(headers).get('/auth/me')))).toBe(QUOTA);
  });
});

describe('a key with limits', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key'] });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  it('tells what is left', async () => {
    const { headers } = await keyOf(app, admin, { rateLimit: 3, rateLimitWindowSeconds: 10, quota: 100 });
    const left: (string | null)[] = [];
    for (let i = 0; i < 4; i += 1) {
      const reply = await app.client(headers).get('/auth/me');
      expect(reply.headers.get('ratelimit-limit')).toBe('3');
      left.push(reply.headers.get('ratelimit-remaining'));
    }
    expect(left).toEqual(['2', '1', '0', '0']);
  });

  it('is not filled up by a rotation', async () => {
    const { headers, path, id } = await keyOf(app, admin, { quota: 2 });
    expect(passed(await times(5, () => app.client(headers).get('/auth/me')))).toBe(2);
    const { apiKey } = (await admin.post(`${path}/${id}/rotate`, {})).body;
    expect((await app.client({ 'x-api-key': apiKey }).get('/auth/me')).status).toBe(429);
  });

  it('uses nothing up where it is refused for another reason', async () => {
    const { headers } = await keyOf(app, admin, { quota: 1 });
    expect((await app.client(headers).get('/example/scoped')).body.code).toBe('forbidden');
    expect((await app.client(headers).get('/auth/api-keys')).body.code).toBe('forbidden');
    expect((await app.client(headers).get('/auth/me')).status).toBe(200);
    expect((await app.client(headers).get('/auth/me')).status).toBe(429);
  });
});

describe('while no store can count', () => {
  class DeadStore extends RateLimitStore {
    add = () => Promise.reject(new Error('gone'));
    subtract = () => Promise.reject(new Error('gone'));
    forget = () => Promise.reject(new Error('gone'));
  }
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    const options = { authStrategies: ['session', 'api-key'] };
    app = await bootWithMadeUsers(options, [{ provide: RateLimitStore, useClass: DeadStore }]);
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  it('a key with a quota passes nowhere: each node would give out some of it (KEY-05)', async () => {
    const { headers } = await keyOf(app, admin, { quota: QUOTA, rateLimit: QUOTA });
    for (const reply of await times(5, () => app.client(headers).get('/auth/me'))) {
      expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
    }
  });

  it('a rate limit is counted by each node for itself, more strictly', async () => {
    const { headers } = await keyOf(app, admin, { rateLimit: QUOTA });
    expect(passed(await times(QUOTA, () => app.client(headers).get('/auth/me')))).toBe(QUOTA / 4);
  });
});

const FLEETS = ['postgres', ...(isInstalled('redis-server') ? (['redis'] as const) : [])] as const;

describe.each(FLEETS)('a key at three nodes on %s', (store) => {
  let fleet: Fleet;
  let server: OwnServer | undefined;
  beforeAll(async () => {
    server = store === 'postgres' ? undefined : await ownServer(store);
    const storage = server ? { sessionStore: 'redis', redisUrl: server.url } : {};
    fleet = await Fleet.start(3, { authStrategies: ['session', 'api-key'], ...storage });
  });
  afterAll(async () => {
    await fleet.stop();
    await server?.end();
  });

  it(`has one quota: ${QUOTA} of ${10 * QUOTA} at once pass (KEY-05)`, async () => {
    const [first] = fleet.nodes as [AuthTestApp];
    const admin = await first.logIn({ changes: { roles: ['admin'] } });
    const { headers } = await keyOf(first, admin, { quota: QUOTA });
    const replies = await times(10 * QUOTA, (i) => fleet.nodes[i % 3]!.client(headers).get('/auth/me'));
    expect(passed(replies)).toBe(QUOTA);
  });

  it('is accepted by none after its revocation was answered, though all are asked all the while (KEY-04)', async () => {
    const [first] = fleet.nodes as [AuthTestApp];
    const user = await first.logIn();
    for (let round = 0; round < ROUNDS; round += 1) {
      // The clock stands still: the login stays fresh.
      const { id, apiKey } = (await user.post('/auth/api-keys', { name: 'load', scopes: [] })).body;
      const clients = fleet.nodes.map((node) => node.client({ authorization: `Bearer ${apiKey}` }));
      expect((await Promise.all(clients.map((client) => client.get('/auth/me')))).map(({ status }) => status)).toEqual([
        200, 200, 200,
      ]);
      let isAcknowledged = false;
      const late: number[] = [];
      const hammer = async (client: (typeof clients)[number]) => {
        for (let after = 0; after < 3; ) {
          const wasAcknowledged = isAcknowledged;
          const { status } = await client.get('/auth/me');
          if (!wasAcknowledged) continue;
          after += 1;
          late.push(status);
        }
      };
      const hammers = clients.flatMap((client) => [hammer(client), hammer(client)]);
      const { status } = await fleet.at(round % 3, user).delete(`/auth/api-keys/${id}`);
      expect(status).toBe(204);
      isAcknowledged = true;
      await Promise.all(hammers);
      expect(new Set(late)).toEqual(new Set([401]));
      expect(late.length).toBeGreaterThanOrEqual(18);
    }
  }, 120_000);

  it('has its owner’s roles and ban at every node in the next request', async () => {
    const [first] = fleet.nodes as [AuthTestApp];
    const admin = await first.logIn({ changes: { roles: ['admin'] } });
    const { headers, path } = await keyOf(first, admin, {});
    const owner = path.replace('/api-keys', '');
    const everywhere = () => Promise.all(fleet.nodes.map((node) => node.client(headers).get('/auth/me')));
    expect((await everywhere()).map(({ body }) => body.user.roles)).toEqual([[], [], []]);
    await admin.request('PUT', `${owner}/roles`, { roles: ['clerk'] });
    expect((await everywhere()).map(({ body }) => body.user.roles)).toEqual([['clerk'], ['clerk'], ['clerk']]);
    await admin.post(`${owner}/ban`, {});
    expect((await everywhere()).map(({ status }) => status)).toEqual([401, 401, 401]);
  });
});
