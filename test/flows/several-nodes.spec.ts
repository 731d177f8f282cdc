import { RevocationFeed } from '../../src/revocation/revocation-feed.js';
import type { TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { overStrategies } from './combinations.js';
import { Fleet, outcomes } from './several-nodes.js';

/** The long forms are in the laboratory; here every node ends sessions of every node. */
const ROUNDS = 6;
const ALL_ENDED = ['session_ended', 'session_ended', 'session_ended'];
const ALL_PASS = [200, 200, 200];

const FLEETS = ['postgres', ...(isInstalled('redis-server') ? (['redis', 'redis-cluster'] as const) : [])] as const;

describe.each(FLEETS)('three nodes on %s', (store) => {
  let fleet: Fleet;
  let server: OwnServer | undefined;
  beforeAll(async () => {
    server = store === 'postgres' ? undefined : await ownServer(store);
    const storage = server ? { sessionStore: 'redis', redisUrl: server.url } : {};
    fleet = await Fleet.start(3, { ...storage });
  });
  afterAll(async () => {
    await fleet.stop();
    await server?.end();
  });

  const users = (node: number) => fleet.nodes[node]!.app.get(UserStore, { strict: false });

  overStrategies((strategy) => {
    const logIn = (): Promise<TestUser> => fleet.nodes[0]!.logIn({ strategy, transport: 'body' });

    it(`refuse a ticket in the very next request after a logout at any of them, ${ROUNDS} times`, async () => {
      const known = await logIn();
      for (let round = 0; round < ROUNDS; round += 1) {
        const user = await fleet.nodes[round % 3]!.logInAgain({ ...known, strategy, transport: 'body' });
        const everywhere = fleet.everywhere(user);
        expect(await outcomes(everywhere)).toEqual(ALL_PASS);
        expect(await outcomes(everywhere)).toEqual(ALL_PASS);
        expect((await fleet.at((round + 1) % 3, user).post('/auth/logout')).status).toBe(204);
        expect(await outcomes(everywhere)).toEqual(ALL_ENDED);
      }
    }, 60_000);

    it('end all sessions everywhere, or all but one', async () => {
      const phone = await logIn();
      const laptop = await fleet.nodes[1]!.logInAgain({ ...phone, strategy, transport: 'body' });
      expect(await outcomes([...fleet.everywhere(phone), ...fleet.everywhere(laptop)])).toEqual([
        ...ALL_PASS,
        ...ALL_PASS,
      ]);
      expect((await fleet.at(2, laptop).post('/auth/logout-all', { keepCurrent: true })).status).toBe(204);
      expect(await outcomes([...fleet.everywhere(phone), ...fleet.everywhere(laptop)])).toEqual([
        ...ALL_ENDED,
        ...ALL_PASS,
      ]);
    });

    it('refuse a banned user in the next request, and let an unbanned one in again', async () => {
      const user = await logIn();
      expect(await outcomes(fleet.everywhere(user))).toEqual(ALL_PASS);
      await users(1).update(user.userId, { bannedAt: new Date() });
      expect(await outcomes(fleet.everywhere(user))).toEqual(ALL_ENDED);
      await users(2).update(user.userId, { bannedAt: null });
      if (strategy === 'session') expect(await outcomes(fleet.everywhere(user))).toEqual(ALL_PASS);
      else expect(await outcomes(fleet.everywhere(user))).toEqual(['token_expired', 'token_expired', 'token_expired']);
    });

    it('show a new role in the next request; an older access token is refreshed and has it', async () => {
      const user = await logIn();
      expect(await outcomes(fleet.everywhere(user))).toEqual(ALL_PASS);
      await users(1).update(user.userId, { roles: ['admin'] });
      let clients = fleet.everywhere(user);
      if (strategy === 'jwt') {
        expect(await outcomes(clients)).toEqual(['token_expired', 'token_expired', 'token_expired']);
        const { status, body } = await fleet.at(2, user).post('/auth/refresh', { refreshToken: user.refreshToken });
        expect(status).toBe(200);
        clients = fleet.nodes.map((node) => node.client({ authorization: `Bearer ${body.accessToken}` }));
      }
      const roles = await Promise.all(clients.map(async (client) => (await client.get('/auth/me')).body.user.roles));
      expect(roles).toEqual([['admin'], ['admin'], ['admin']]);
    });
  });

  it('have one winner when fifty end one session at three nodes, and one revocation', async () => {
    const user = await fleet.nodes[0]!.logIn({ transport: 'body' });
    const doomed = await fleet.nodes[1]!.logInAgain({ ...user, transport: 'body' });
    const clients = fleet.everywhere(user);
    const ends = Array.from({ length: 50 }, (_, i) => clients[i % 3]!.delete(`/auth/sessions/${doomed.sessionId}`));
    const statuses = (await Promise.all(ends)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 404)).toHaveLength(49);
    const feed = fleet.nodes[0]!.app.get(RevocationFeed, { strict: false });
    const { head } = await feed.status();
    const told = (await feed.since(Math.max(0, head - 500), 500)).filter(({ kind, unsettled, subject }) => {
      return kind === 'ended' && !unsettled && subject === `session:${doomed.sessionId}`;
    });
    expect(told).toHaveLength(1);
  });
});
