import { Heartbeat } from '../../src/revocation/heartbeat.js';
import type { TestReply } from '../../src/testing/index.js';
import { Fleet } from '../flows/several-nodes.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { RawFollower, type VerifyKey, verifyKey } from './raw-follower.js';

const FLEETS = ['postgres', ...(isInstalled('redis-server') ? (['redis'] as const) : [])] as const;
const ROUNDS = 10;

describe.each(FLEETS)('followers of two nodes on %s', (store) => {
  let fleet: Fleet;
  let server: OwnServer | undefined;
  let verifier: VerifyKey;
  const open: RawFollower[] = [];
  beforeAll(async () => {
    server = store === 'postgres' ? undefined : await ownServer(store);
    const storage = server ? { sessionStore: 'redis', redisUrl: server.url } : {};
    fleet = await Fleet.start(2, { ...storage, authStrategies: ['session', 'jwt', 'api-key'] });
    verifier = await verifyKey(fleet.nodes[0]!);
  });
  afterEach(async () => {
    for (const follower of open.splice(0)) {
      if (follower.status === 200) await follower.end();
      follower.hangUp();
    }
  });
  afterAll(async () => {
    await fleet.stop();
    await server?.end();
  });

  const follow = async (node: number, body: object = {}) => {
    const follower = await RawFollower.open(fleet.nodes[node]!.url, verifier.key, body);
    open.push(follower);
    return follower;
  };
  const someone = () => fleet.nodes[0]!.logIn({ strategy: 'jwt', transport: 'body' });
  const left = (reply: TestReply) => reply.status;

  it('are told the same, whichever node they follow, and may answer to the other', async () => {
    const [one, other] = [await follow(0), await follow(1)];
    for (let round = 0; round < 3; round += 1) {
      const user = await someone();
      const leaving = fleet.at(round % 2, user).post('/auth/logout');
      const ofUser = ({ subject }: { subject?: string }) => subject === `session:${user.sessionId}`;
      for (const follower of [one, other]) await follower.until((line) => line.type === 'revoked' && ofUser(line));
      // Each by the node that it does not follow: a balancer does not know.
      const [first, second] = fleet.nodes.map(({ url }) => url) as [string, string];
      const put = async (follower: RawFollower, url: string) =>
        new RawFollower(url, verifier.key).put(follower.applied, true, follower.lease.id!);
      let isAnswered = false;
      void leaving.then(() => (isAnswered = true));
      expect((await put(one, second)).status).toBe(200);
      expect(isAnswered).toBe(false);
      expect((await put(other, first)).status).toBe(200);
      // Redis announces after the change once more, and waits for that.
      await acknowledge(one, other, () => isAnswered);
      expect(left(await leaving)).toBe(204);
    }
    const heard = [one, other].map(({ revoked }) => new Map(revoked.map((line) => [line.seq, JSON.stringify(line)])));
    const from = Math.max(one.lease.head, other.lease.head) + 1;
    const to = Math.min(one.applied, other.applied);
    expect(to).toBeGreaterThan(from);
    for (let seq = from; seq <= to; seq += 1) expect(heard[1]!.get(seq)).toBe(heard[0]!.get(seq));
  });

  it(`are answered by a node no older than they are themselves, ${ROUNDS} times`, async () => {
    const follower = await follow(0, { mode: 'bounded' });
    const behind = new RawFollower(fleet.nodes[1]!.url, verifier.key);
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await someone();
      const ticket = user.accessToken ?? '';
      expect((await behind.lookUp({ ticket })).body).toMatchObject({ accepted: true });
      const leaving = user.post('/auth/logout');
      await follower.until((line) => line.type === 'revoked' && line.subject === `session:${user.sessionId}`);
      // The logout need not have been acknowledged: the other node may know nothing of it yet.
      const { applied } = follower;
      expect((await behind.lookUp({ ticket, applied })).body).toEqual({ accepted: false, code: 'session_ended' });
      expect(left(await leaving)).toBe(204);
    }
  });

  it('go on at the other node when theirs is stopped', async () => {
    const [one, other] = [await follow(0), await follow(1)];
    fleet.nodes[1]!.app.get(Heartbeat, { strict: false }).onLost();
    expect(await other.ended()).toEqual({ type: 'end', code: 'unavailable' });
    expect((await other.end()).status).toBe(204);
    const again = await follow(0);
    const user = await someone();
    const leaving = user.post('/auth/logout');
    let isAnswered = false;
    void leaving.then(() => (isAnswered = true));
    await acknowledge(one, again, () => isAnswered);
    expect(left(await leaving)).toBe(204);
  });
});

/** Both acknowledge what they are told, until the revoker has its answer. */
async function acknowledge(one: RawFollower, other: RawFollower, isOver: () => boolean): Promise<void> {
  const told = new Map<RawFollower, number>();
  while (!isOver()) {
    for (const follower of [one, other]) {
      if (told.get(follower) === follower.applied) await follower.lookUp({ ticket: 'nothing' });
      else {
        told.set(follower, follower.applied);
        await follower.put(follower.applied, true);
      }
    }
  }
}
