import { Heartbeat } from '../../src/revocation/heartbeat.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { overStores, STORES } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { type Answer, RawFollower, type VerifyKey, verifyKey } from './raw-follower.js';

const OPTIONS = { authStrategies: ['session', 'jwt', 'api-key'], nodeLeaseSeconds: 1, followersPerKey: 4 };
const told = ({ status, body }: Answer<object> | TestReply) =>
  (body as { code?: string })?.code === undefined ? status : `${status} ${(body as { code?: string }).code}`;

overStores((sessionStore) => {
  let app: AuthTestApp;
  let verifier: VerifyKey;
  const open: RawFollower[] = [];
  beforeAll(async () => {
    app = await bootWithMadeUsers({ ...OPTIONS, sessionStore });
    verifier = await verifyKey(app);
  });
  afterEach(() =>
    Promise.all(
      open.splice(0).map(async (follower) => {
        if (follower.status === 200 && follower.lease.id) await follower.end();
        follower.hangUp();
      }),
    ),
  );
  afterAll(() => app.close());

  const follow = async (body?: object, key = verifier.key) => {
    const follower = await RawFollower.open(app.url, key, body);
    open.push(follower);
    return follower;
  };
  const someone = () => app.logIn({ strategy: 'jwt', transport: 'body' });
  const part = <T>(token: abstract new (...given: never[]) => T): T => app.app.get(token as never, { strict: false });
  /** Has a follower acknowledge whatever it is told, at once, and keep its lease. */
  const attend = (follower: RawFollower) => follower.attend();

  it('tells the lease first, and then every revocation in order', async () => {
    const follower = await follow({ name: 'orders-1' });
    attend(follower);
    expect([follower.status, follower.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(follower.headers.get('cache-control')).toBe('no-store');
    expect(follower.headers.get('x-accel-buffering')).toBe('no');
    expect(follower.lease).toMatchObject({
      version: 1,
      follows: true,
      mode: 'acknowledged',
      leaseSeconds: 1,
      unsettled: [],
    });
    expect(follower.lease.jwksUri).toMatch(/\/\.well-known\/jwks\.json$/);
    const [ada, bob, cleo] = [await someone(), await someone(), await someone()];
    const key = (await bob.post('/auth/api-keys', { name: 'nightly', scopes: ['orders:read'] })).body;
    expect(told(await ada.post('/auth/logout'))).toBe(204);
    expect(told(await bob.delete(`/auth/api-keys/${key.id}`))).toBe(204);
    await part(UserStore).update(cleo.userId, { roles: ['clerk'] });
    expect(told(await verifier.admin.post(`/admin/users/${bob.userId}/ban`, {}))).toBe(204);
    for (const subject of [`session:${ada.sessionId}`, `key:${key.id}`, `user:${cleo.userId}`, `user:${bob.userId}`])
      await follower.until((line) => line.type === 'revoked' && line.subject === subject);
    const numbers = follower.revoked.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => follower.lease.head + 1 + index));
    const kinds = new Map(follower.revoked.map(({ subject, kind }) => [subject, kind]));
    expect(kinds.get(`session:${ada.sessionId}`)).toBe('ended');
    expect(kinds.get(`user:${cleo.userId}`)).toBe('changed');
    expect(kinds.get(`user:${bob.userId}`)).toBe('ended');
  });

  it('has an acknowledged logout wait until the follower has applied it', async () => {
    const follower = await follow();
    const user = await someone();
    let isAnswered = false;
    const leaving = user.post('/auth/logout').then((reply) => {
      isAnswered = true;
      return reply;
    });
    const line = await follower.until((one) => one.type === 'revoked');
    expect(line).toMatchObject({ subject: `session:${user.sessionId}`, seq: follower.lease.head + 1 });
    // By now everything but the follower is done: the node itself refuses the ticket.
    expect(told(await user.get('/auth/me'))).toBe('401 session_ended');
    expect(isAnswered).toBe(false);
    const { status, body } = await follower.put(follower.applied, false);
    expect(status).toBe(200);
    // On Redis what follows a change may have been announced by now, too.
    expect(body.head).toBeGreaterThanOrEqual(follower.applied);
    expect((await leaving).status).toBe(204);
  });

  it('goes on without a follower that died once its lease is over, and never revives the lease', async () => {
    const follower = await follow({}, (await verifyKey(app)).key);
    follower.hangUp();
    const user = await someone();
    expect((await user.post('/auth/logout')).status).toBe(204);
    expect(told(await follower.put(follower.lease.head + 1, true))).toBe('404 not_found');
    expect(told(await follower.put(follower.lease.head + 1, false))).toBe('404 not_found');
  });

  it('closes a stream whose lease has ended, so that connections that are dead do not count for ever', async () => {
    const own = await verifyKey(app);
    const silent = await Promise.all([1, 2, 3, 4].map(() => follow({}, own.key)));
    for (const follower of silent) await follower.closed();
    expect((await follow({}, own.key)).status).toBe(200);
  });

  it('goes on at once without a follower that ended its lease', async () => {
    const follower = await follow();
    expect(told(await follower.end())).toBe(204);
    expect((await (await someone()).post('/auth/logout')).status).toBe(204);
    expect(told(await follower.put(follower.lease.head, true))).toBe('404 not_found');
    expect(told(await follower.end())).toBe(204);
  });

  it('refuses to renew the lease of a follower that has not applied the revocations of half a lease ago, and does not end it', async () => {
    const follower = await follow({}, (await verifyKey(app)).key);
    const user = await someone();
    const leaving = user.post('/auth/logout');
    await follower.until((line) => line.type === 'revoked');
    const { head } = follower.lease;
    let refused: string | number = 200;
    // A lease has four beats.
    for (let beats = 0; refused === 200 && beats < 8; beats += 1) {
      await follower.beats(1);
      refused = told(await follower.put(head, true));
    }
    expect(refused).toBe('404 not_found');
    // Its holder may not have had that answer, and still answer by the lease.
    expect(told(await follower.put(head + 1, false))).toBe(200);
    expect((await leaving).status).toBe(204);
  });

  it('makes no revocation wait for a bounded follower, which renews all the same', async () => {
    const follower = await follow({ mode: 'bounded' });
    expect(follower.lease).toMatchObject({ mode: 'bounded', follows: true, id: expect.stringMatching(/^b\./) });
    const user = await someone();
    expect((await user.post('/auth/logout')).status).toBe(204);
    await follower.until((line) => line.type === 'revoked');
    expect(await follower.put(follower.applied, true)).toMatchObject({ status: 200, body: { head: follower.applied } });
  });

  it('beats, with the number that it has told', async () => {
    const follower = await follow();
    attend(follower);
    await follower.beats(1);
    await (await someone()).post('/auth/logout');
    await follower.until((line) => line.type === 'beat' && line.head > follower.lease.head);
    expect(follower.lines.at(-1)).toEqual({ type: 'beat', head: follower.applied });
  });

  it('binds a lease to its key: no other key acknowledges, renews or ends it', async () => {
    const other = await verifyKey(app);
    const follower = await follow();
    const { id } = follower.lease as { id: string };
    const { head } = follower.lease;
    expect(told(await follower.put(head, true, id, other.key))).toBe('404 not_found');
    expect(told(await follower.put(head, false, id, other.key))).toBe('404 not_found');
    expect(told(await follower.send('DELETE', `/auth/followers/${id}`, undefined, other.key))).toBe('404 not_found');
    const [letter, uuid, mac] = id.split('.') as [string, string, string];
    const flipped = (mac.startsWith('A') ? 'B' : 'A') + mac.slice(1);
    for (const forged of [
      `b.${uuid}.${mac}`,
      `${letter}.${uuid}.${flipped}`,
      `${letter}.${uuid}.`,
      `${letter}.${uuid}`,
      uuid,
      '%00',
      'look-ups',
    ])
      expect([forged, told(await follower.put(head, true, forged))]).toEqual([forged, '404 not_found']);
    expect(told(await follower.put(head, true))).toBe(200);
  });

  it('closes the stream when the key is revoked, and refuses its renewals', async () => {
    const own = await verifyKey(app);
    const follower = await follow({}, own.key);
    attend(follower);
    const path = `/admin/users/${own.ownerId}/api-keys/${own.id}`;
    expect(told(await own.admin.delete(path))).toBe(204);
    expect(await follower.ended()).toEqual({ type: 'end', code: 'unauthenticated' });
    await follower.closed();
    expect(told(await follower.put(follower.applied, true))).toBe('401 unauthenticated');
    expect((await RawFollower.open(app.url, own.key)).status).toBe(401);
  });

  it('closes the stream when the service user is banned', async () => {
    const own = await verifyKey(app);
    const follower = await follow({}, own.key);
    attend(follower);
    expect(told(await own.admin.post(`/admin/users/${own.ownerId}/ban`, {}))).toBe(204);
    expect(await follower.ended()).toEqual({ type: 'end', code: 'unauthenticated' });
    expect(told(await follower.put(follower.applied, true))).toBe('401 unauthenticated');
  });

  it('takes no more followers of one key than the option allows, and still takes those of others', async () => {
    const own = await verifyKey(app);
    const four = await Promise.all([1, 2, 3, 4].map(() => follow({}, own.key)));
    expect(four.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const fifth = await RawFollower.open(app.url, own.key);
    expect([fifth.status, fifth.problem]).toEqual([429, expect.objectContaining({ code: 'rate_limited' })]);
    expect(fifth.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await follow()).status).toBe(200);
    expect(told(await four[0]!.end())).toBe(204);
    four[0]!.hangUp();
    await four[1]!.beats(1);
    expect((await follow({}, own.key)).status).toBe(200);
  });

  it('ends the streams when the node loses its own lease, and takes new ones when it has one again', async () => {
    const follower = await follow();
    part(Heartbeat).onLost();
    expect(await follower.ended()).toEqual({ type: 'end', code: 'unavailable' });
    await part(Heartbeat).beat();
    const next = await follow();
    expect(next.status).toBe(200);
    expect(next.lease.id).not.toBe(follower.lease.id);
  });

  it('tells that the signing keys have changed, and names the withdrawal of one as a revocation', async () => {
    const follower = await follow();
    attend(follower);
    expect(told(await verifier.admin.post('/admin/keys/rotate', {}))).toBeLessThan(300);
    await follower.until(({ type }) => type === 'keys');
    expect(follower.revoked).toEqual([]);
    expect(told(await verifier.admin.post('/admin/keys/rotate', { now: true }))).toBeLessThan(300);
    await follower.until((line) => line.type === 'revoked' && line.subject === 'key:signing-keys');
  });

  it('ends the stream at the end of everything', async () => {
    const follower = await follow();
    attend(follower);
    expect(told(await verifier.admin.post('/admin/revoke-all', {}))).toBe(204);
    // Its own key is over as well, which may be told first.
    expect(await follower.ended()).toEqual({ type: 'end', code: 'unauthenticated' });
  });
});

describe('where nothing can be heard of revocations', () => {
  it.each(STORES.filter((store) => store === 'memcached' || store === 'memory'))(
    'says so, or follows: %s',
    async (sessionStore) => {
      const app = await bootWithMadeUsers({ ...OPTIONS, sessionStore });
      const { key } = await verifyKey(app);
      const follower = await RawFollower.open(app.url, key);
      const follows = sessionStore === 'memory';
      expect(follower.lease).toMatchObject({ follows, id: follows ? expect.stringMatching(/^a\./) : null });
      if (!follows) await follower.beats(2);
      const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
      const { accessToken: ticket = '' } = user;
      expect((await follower.lookUp({ ticket })).body).toMatchObject({ accepted: true });
      const leaving = user.post('/auth/logout');
      if (follows) {
        await follower.until((line) => line.type === 'revoked' && line.subject === `session:${user.sessionId}`);
        expect(told(await follower.put(follower.applied, false))).toBe(200);
      }
      expect((await leaving).status).toBe(204);
      expect((await follower.lookUp({ ticket })).body).toEqual({ accepted: false, code: 'session_ended' });
      await app.close();
      await follower.closed();
      expect(follower.lines.at(-1)).toEqual({ type: 'end', code: 'unavailable' });
    },
  );
});
