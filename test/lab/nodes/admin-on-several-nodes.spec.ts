import { FirstAdmin } from '../../../src/admin/first-admin.js';
import type { TestUser } from '../../../src/testing/index.js';
import { UserStore } from '../../../src/users/user.store.js';
import { overStrategies } from '../../flows/combinations.js';
import { Fleet, outcomes } from '../../flows/several-nodes.js';
import { isInstalled, type OwnServer, ownServer } from '../../servers-of-this-run.js';

const ROUNDS = 3;
const ALL_ENDED = ['session_ended', 'session_ended', 'session_ended'];
const ALL_PASS = [200, 200, 200];
const FLEETS = ['postgres', ...(isInstalled('redis-server') ? (['redis'] as const) : [])] as const;

describe.each(FLEETS)('an admin of three nodes on %s', (store) => {
  let fleet: Fleet;
  let server: OwnServer | undefined;
  let admin: TestUser;
  beforeAll(async () => {
    server = store === 'postgres' ? undefined : await ownServer(store);
    const storage = server ? { sessionStore: 'redis', redisUrl: server.url } : {};
    fleet = await Fleet.start(3, { ...storage });
    admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] }, transport: 'body' });
  });
  afterAll(async () => {
    await fleet.stop();
    await server?.end();
  });

  overStrategies((strategy) => {
    const logIn = () => fleet.nodes[0]!.logIn({ strategy, transport: 'body' });

    it.each([
      ['a ban', (user: TestUser, node: number) => fleet.at(node, admin).post(`/admin/users/${user.userId}/ban`, {})],
      ['a logout', (user: TestUser, node: number) => fleet.at(node, admin).post(`/admin/users/${user.userId}/logout`)],
      [
        'the end of a session',
        (user: TestUser, node: number) => fleet.at(node, admin).delete(`/admin/sessions/${user.sessionId}`),
      ],
    ])(
      `ends a ticket by %s in the very next request at any node, ${ROUNDS} times`,
      async (_what, act) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const user = await logIn();
          const everywhere = fleet.everywhere(user);
          expect(await outcomes(everywhere)).toEqual(ALL_PASS);
          expect(await outcomes(everywhere)).toEqual(ALL_PASS);
          expect((await act(user, round % 3)).status).toBe(204);
          expect(await outcomes(everywhere)).toEqual(ALL_ENDED);
        }
      },
      120_000,
    );

    it('gives a role that counts at every node in the next request', async () => {
      const user = await logIn();
      expect(await outcomes(fleet.everywhere(user))).toEqual(ALL_PASS);
      await fleet.at(1, admin).request('PUT', `/admin/users/${user.userId}/roles`, { roles: ['admin'] });
      const codes = await Promise.all(
        fleet.everywhere(user).map(async (client) => {
          const { status, body } = await client.get('/admin/users');
          return status === 200 ? 200 : body.code;
        }),
      );
      expect(codes).toEqual(strategy === 'jwt' ? ['token_expired', 'token_expired', 'token_expired'] : ALL_PASS);
    });

    it('ends everything at every node at once, of a hundred sessions', async () => {
      const user = await logIn();
      const devices = await Promise.all(
        Array.from({ length: 32 }, (_, i) => fleet.nodes[i % 3]!.logInAgain({ ...user, strategy, transport: 'body' })),
      );
      const clients = [user, admin, ...devices].flatMap((device) => fleet.everywhere(device));
      expect(new Set(await outcomes(clients))).toEqual(new Set([200]));
      expect((await fleet.at(1, admin).post('/admin/revoke-all')).status).toBe(204);
      expect(new Set(await outcomes(clients))).toEqual(new Set(['session_ended']));
      admin = await fleet.nodes[2]!.logInAgain({ ...admin, transport: 'body' });
      expect(await outcomes(fleet.everywhere(admin))).toEqual(ALL_PASS);
    }, 60_000);
  });
});

describe('the last admin', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(3, { authStrategies: ['session'] });
  });
  afterAll(() => fleet.stop());

  const anAdmin = () => fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] } });
  const users = () => fleet.nodes[0]!.app.get(UserStore, { strict: false });
  const acts = {
    'the role': (by: TestUser, who: TestUser) =>
      by.request('PUT', `/admin/users/${who.userId}/roles`, { roles: ['editor'] }),
    'the right to log in': (by: TestUser, who: TestUser) => by.post(`/admin/users/${who.userId}/ban`, {}),
    existence: (by: TestUser, who: TestUser) => by.delete(`/admin/users/${who.userId}`),
  };

  it.each(Object.entries(acts))(
    `keeps %s when two take it from each other at the same time, ${ROUNDS} times`,
    async (_what, take) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [one, two] = [await anAdmin(), await anAdmin()];
        const at = (node: number, user: TestUser) =>
          Object.assign(fleet.at(node, user), { userId: user.userId }) as TestUser;
        const replies = await Promise.all([take(at(1, one), two), take(at(2, two), one)]);
        const statuses = replies.map(({ status }) => (status < 300 ? 'done' : 'refused')).sort();
        expect(statuses).toEqual(['done', 'refused']);
        const left = [await users().find(one.userId), await users().find(two.userId)].filter(
          (user) => user?.roles.includes('admin') && user.bannedAt === null,
        );
        expect(left).toHaveLength(1);
        await users().delete(left[0]!.id);
      }
    },
    120_000,
  );

  it('cannot take anything from themselves either, and no admin can ban or delete themselves', async () => {
    const only = await anAdmin();
    const codes = [
      await acts['the role'](only, only),
      await acts['the right to log in'](only, only),
      await acts.existence(only, only),
      await only.request('DELETE', '/auth/me', { password: only.password }),
    ].map(({ status, body }) => [status, body.code]);
    expect(codes).toEqual(codes.map(() => [409, 'conflict']));
    const second = await anAdmin();
    expect((await acts['the right to log in'](second, second)).body.code).toBe('conflict');
    expect((await acts.existence(second, second)).body.code).toBe('conflict');
    expect((await acts['the role'](second, second)).status).toBe(200);
    await users().delete(only.userId);
  });
});

describe('the first admin', () => {
  const password = 'nine quiet otters swim';
  const TOKEN = 'a-token-of-the-operators-own-choice';
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(3, { authStrategies: ['session'], bootstrapToken: TOKEN });
  });
  afterAll(() => fleet.stop());

  const bootstrap = (node: number, body: object) => fleet.nodes[node]!.client().post('/admin/bootstrap', body);

  it('is refused by a wrong token, or none; and a bad password or address leaves the token good', async () => {
    const email = 'first@example.com';
    for (const token of ['', 'x', TOKEN.slice(1), `${TOKEN}x`, 'x'.repeat(5000)]) {
      const { status, body } = await bootstrap(0, { token, email, password: 'x' });
      expect([status, body.code]).toEqual([400, 'invalid_token']);
    }
    expect((await bootstrap(0, { email, password })).body.code).toBe('validation_failed');
    expect((await bootstrap(0, { token: TOKEN, email, password: 'short' })).body.code).toBe('validation_failed');
    expect((await bootstrap(0, { token: TOKEN, email: 'no address', password })).body.code).toBe('validation_failed');
    const { email: taken } = await fleet.nodes[0]!.register();
    expect((await bootstrap(0, { token: TOKEN, email: taken, password })).body.code).toBe('conflict');
  });

  it('is one of ten at once at three nodes, who logs in at once; the token is dead', async () => {
    const emails = Array.from({ length: 10 }, (_, i) => `first-${i}@example.com`);
    const replies = await Promise.all(emails.map((email, i) => bootstrap(i % 3, { token: TOKEN, email, password })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(400)]);
    const winner = replies.findIndex(({ status }) => status === 201);
    expect(replies[winner]!.body).toMatchObject({ email: emails[winner], emailVerified: true, roles: ['admin'] });
    for (const [i, email] of emails.entries()) {
      const { status } = await fleet.nodes[2]!.client().post('/auth/login', { email, password });
      expect([i, status]).toEqual([i, i === winner ? 200 : 401]);
    }
    const late = await bootstrap(1, { token: TOKEN, email: 'late@example.com', password });
    expect([late.status, late.body.code]).toEqual([400, 'invalid_token']);
    const part = fleet.nodes[0]!.app.get(FirstAdmin, { strict: false });
    await part.onApplicationBootstrap();
    expect(await part.issueToken()).toBe(null);
    expect((await bootstrap(0, { token: TOKEN, email: 'late@example.com', password })).status).toBe(400);
  });

  it('cannot be guessed for by one client more than 30 times in a window, at however many nodes', async () => {
    const others = await Fleet.start(2, { authStrategies: ['session'], bootstrapToken: TOKEN });
    const guess = (i: number) =>
      others.nodes[i % 2]!.client().post('/admin/bootstrap', { token: `x${i}`, email: 'eve@example.com', password });
    const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => guess(i)));
    const counted = (status: number) => replies.filter((reply) => reply.status === status).length;
    expect([counted(400), counted(429)]).toEqual([30, 10]);
    await others.stop();
  });

  it('is told one token, by one of three nodes that start at the same time', async () => {
    const others = await Fleet.start(3, { authStrategies: ['session'] });
    const parts = others.nodes.map((node) => node.app.get(FirstAdmin, { strict: false }));
    const tokens = await Promise.all(parts.map((part) => part.issueToken()));
    const [token] = tokens.filter((made) => made !== null);
    expect(tokens.filter((made) => made === null)).toHaveLength(2);
    const order = { token, email: 'first@example.com', password };
    expect((await others.nodes[2]!.client().post('/admin/bootstrap', order)).status).toBe(201);
    await others.stop();
  });
});
