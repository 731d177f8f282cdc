import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { TestUser } from '../../src/testing/index.js';
import { Fleet, outcomes } from './several-nodes.js';

const ROTATIONS = 5;

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
    let checks = 0;
    let isRotating = true;
    const load = async (worker: number) => {
      for (let i = 0; isRotating; i += 1) {
        const ticket = tickets[(i + worker) % tickets.length]!;
        const [outcome] = await outcomes([fleet.at((i + worker) % 3, ticket)]);
        checks += 1;
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
    console.info(`${checks} checks during ${ROTATIONS} rotations, ${failures.length} refused`);
  }, 60_000);

  it('has one current key after ten at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => fleet.at(i % 3, admin).post('/admin/keys/rotate')),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(204));
    const dataSource = fleet.nodes[0]!.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const [{ current }] = await dataSource.query(
      'SELECT count(*)::int AS current FROM signing_keys WHERE retired_at IS NULL',
    );
    expect(current).toBe(1);
    expect(await outcomes(fleet.everywhere(admin))).toEqual([200, 200, 200]);
  });

  it('is for operators', async () => {
    const user = await fleet.nodes[0]!.logIn({ transport: 'body' });
    const reply = await user.post('/admin/keys/rotate');
    expect([reply.status, reply.body.code]).toEqual([403, 'forbidden']);
  });
});
