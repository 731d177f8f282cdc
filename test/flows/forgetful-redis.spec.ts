import { createClient } from 'redis';
import { RevocationFeed } from '../../src/revocation/revocation-feed.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { overStrategies } from './combinations.js';
import { Fleet, outcomes } from './several-nodes.js';

/** As long as nodes may answer from what they knew before their store was emptied; it passes in real time. */
const LEASE_SECONDS = 1;

(isInstalled('redis-server') ? describe : describe.skip)('three nodes on a Redis that forgets', () => {
  let fleet: Fleet;
  let server: OwnServer;
  beforeAll(async () => {
    server = await ownServer('redis');
    const storage = { sessionStore: 'redis', redisUrl: server.url, nodeLeaseSeconds: LEASE_SECONDS };
    fleet = await Fleet.start(3, storage);
  });
  afterAll(async () => {
    await fleet.stop();
    await server.end();
  });

  const flush = async () => {
    const client = createClient({ url: server.url });
    await client.connect();
    await client.flushAll();
    client.destroy();
  };

  overStrategies((strategy) => {
    it('accept nothing after a logout at a node that never knew the session', async () => {
      const user = await fleet.nodes[1]!.logIn({ strategy, transport: 'body' });
      const [away, ...knowing] = fleet.everywhere(user);
      expect(await outcomes(knowing)).toEqual([200, 200]);
      await flush();
      expect((await away!.post('/auth/logout')).status).toBe(204);
      expect(await outcomes(fleet.everywhere(user))).toEqual(['unauthenticated', 'unauthenticated', 'unauthenticated']);
    });
  });

  it('announce nothing for tickets that were never issued', async () => {
    const feed = fleet.nodes[0]!.app.get(RevocationFeed, { strict: false });
    const { head } = await feed.status();
    const cookie = `session=3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.${'A'.repeat(43)}`;
    for (const headers of [{ cookie }, { authorization: 'Bearer e30.e30.AAAA' }] as Record<string, string>[]) {
      expect((await fleet.nodes[0]!.client(headers).post('/auth/logout')).status).toBe(204);
    }
    expect((await feed.status()).head).toBe(head);
  });
});
