import type { DataSource } from 'typeorm';
import type { AuthOptions } from '../../src/auth-options.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { TestUser } from '../../src/testing/index.js';
import { STORES } from './combinations.js';
import { Fleet, outcomes } from './several-nodes.js';

const ROTATIONS = 3;
const WITHDRAWALS = 3;

describe('a rotation of the signing key, at three nodes', () => {
  let fleet: Fleet;
  let admin: TestUser;
  beforeAll(async () => {
    fleet = await Fleet.start(3, { authStrategies: ['jwt'], accessTokenSeconds: 900 });
    admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] }, transport: 'body' });
  });
  afterAll(() => fleet.stop());

  const kidOf = ({ accessToken }: TestUser) =>
    JSON.parse(Buffer.from(accessToken!.split('.')[0]!, 'base64url').toString()).kid as string;
  const kidsAt = async (node: number) => {
    const { body } = await fleet.nodes[node]!.client().get('/.well-known/jwks.json');
    return body.keys.map(({ kid }: { kid: string }) => kid) as string[];
  };

  it('refuses no live token under load, older or newer, and every node publishes both keys at once', async () => {
    const user = await fleet.nodes[0]!.logIn({ transport: 'body' });
    const tickets: TestUser[] = [user];
    const failures: unknown[] = [];
    let isRotating = true;
    const load = async (worker: number) => {
      for (let i = 0; isRotating; i += 1) {
        const ticket = tickets[(i + worker) % tickets.length]!;
        const [outcome] = await outcomes([fleet.at((i + worker) % 3, ticket)]);
        if (outcome !== 200) failures.push(outcome);
      }
    };
    const workers = Array.from({ length: 6 }, (_, worker) => load(worker));
    for (let round = 0; round < ROTATIONS; round += 1) {
      const before = await kidsAt(1);
      expect((await fleet.at(round % 3, admin).post('/admin/keys/rotate')).status).toBe(204);
      const fresh = await fleet.nodes[round % 3]!.logInAgain({ ...user, transport: 'body' });
      expect(before).not.toContain(kidOf(fresh));
      for (const node of [0, 1, 2])
        expect(await kidsAt(node)).toEqual(expect.arrayContaining([kidOf(fresh), ...before]));
      tickets.push(fresh);
      expect(await outcomes(fleet.everywhere(fresh))).toEqual([200, 200, 200]);
    }
    isRotating = false;
    await Promise.all(workers);
    expect(failures).toEqual([]);
  }, 60_000);

  it('has one current key after ten at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => fleet.at(i % 3, admin).post('/admin/keys/rotate')),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(204));
    const dataSource = fleet.nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const [{ current }] = await dataSource.query(
      'SELECT count(*)::int AS current FROM coatcheck.signing_keys WHERE retired_at IS NULL',
    );
    expect(current).toBe(1);
    expect(await outcomes(fleet.everywhere(admin))).toEqual([200, 200, 200]);
  });

  it('is for admins', async () => {
    const user = await fleet.nodes[0]!.logIn({ transport: 'body' });
    const reply = await user.post('/admin/keys/rotate');
    expect([reply.status, reply.body.code]).toEqual([403, 'forbidden']);
  });
});

// Memcached has no feed to tell a withdrawal by; Redis Cluster's is Redis'.
describe.each(STORES.filter((store) => store !== 'memory' && store !== 'redis-cluster'))(
  'a withdrawal of the signing keys, at three nodes on %s',
  (sessionStore) => {
    let fleet: Fleet;
    let admin: TestUser;
    beforeAll(async () => {
      fleet = await Fleet.start(3, { authStrategies: ['jwt', 'session'], sessionStore } as AuthOptions);
      admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] }, strategy: 'session' });
    }, 120_000);
    afterAll(() => fleet.stop());

    it('leaves no token of an older key accepted anywhere once it is answered, and every client refreshes', async () => {
      const user = await fleet.nodes[0]!.logIn({ strategy: 'jwt', transport: 'body' });
      let acceptedAfter = 0;
      for (let round = 0; round < WITHDRAWALS; round += 1) {
        const fresh = await fleet.nodes[round % 3]!.logInAgain({ ...user, strategy: 'jwt', transport: 'body' });
        expect(await outcomes(fleet.everywhere(fresh))).toEqual([200, 200, 200]);
        let isAnswered = false;
        let isOver = false;
        const hammer = async (node: number) => {
          while (!isOver) {
            const wasAnswered = isAnswered;
            const [outcome] = await outcomes([fleet.at(node, fresh)]);
            if (wasAnswered && outcome === 200) acceptedAfter += 1;
            expect([200, 'token_expired']).toContain(outcome);
          }
        };
        const hammers = [0, 1, 2, 0, 1, 2].map(hammer);
        const reply = await fleet.at(round % 3, admin).post('/admin/keys/rotate', { now: true });
        isAnswered = true;
        expect(reply.status).toBe(204);
        expect(await outcomes(fleet.everywhere(fresh))).toEqual(Array(3).fill('token_expired'));
        isOver = true;
        await Promise.all(hammers);
        const renewed = await fleet
          .at((round + 1) % 3, fresh)
          .post('/auth/refresh', { refreshToken: fresh.refreshToken });
        expect(renewed.status).toBe(200);
        const authorization = `Bearer ${renewed.body.accessToken}`;
        for (const node of fleet.nodes) expect((await node.client({ authorization }).get('/auth/me')).status).toBe(200);
        const published = (await fleet.nodes[2]!.client().get('/.well-known/jwks.json')).body.keys;
        expect(published).toHaveLength(1);
      }
      expect(acceptedAfter).toBe(0);
      expect((await fleet.at(1, admin).get('/admin/audit?type=signing_key.withdrawn')).body.events).toHaveLength(
        WITHDRAWALS,
      );
    }, 120_000);

    it('lets no token of an older key end a session, and needs an admin', async () => {
      const user = await fleet.nodes[0]!.logIn({ strategy: 'jwt', transport: 'body' });
      const other = await fleet.nodes[0]!.logInAgain({ ...user, strategy: 'jwt', transport: 'body' });
      expect((await user.post('/admin/keys/rotate', { now: true })).status).toBe(403);
      expect((await admin.post('/admin/keys/rotate', { now: 'yes' })).body.code).toBe('validation_failed');
      expect((await admin.post('/admin/keys/rotate', { now: true })).status).toBe(204);
      expect((await fleet.at(1, user).post('/auth/logout')).status).toBe(204);
      for (const { refreshToken } of [user, other])
        expect((await fleet.nodes[2]!.client().post('/auth/refresh', { refreshToken })).status).toBe(200);
    });
  },
);
