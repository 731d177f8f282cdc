import { LateFollowers } from '../../src/followers/late-followers.js';
import { LeaseCalls } from '../../src/followers/lease-calls.js';
import { Heartbeat } from '../../src/revocation/heartbeat.js';
import { MachineSteadyClock, SteadyClock } from '../../src/revocation/steady-clock.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { RawFollower, type VerifyKey, verifyKey } from './raw-follower.js';

/** Half of it has to be left when the logout has begun, also on a starved machine. */
const LEASE_SECONDS = 8;

/** The machine's, and what a test says has passed besides. */
class LeapingClock extends MachineSteadyClock {
  private leapt = 0;

  override milliseconds(): number {
    return super.milliseconds() + this.leapt;
  }

  leap(seconds: number): void {
    this.leapt += seconds * 1000;
  }
}

overStores((sessionStore) => {
  const clock = new LeapingClock();
  let app: AuthTestApp;
  let verifier: VerifyKey;
  const open: RawFollower[] = [];
  beforeAll(async () => {
    const options = { authStrategies: ['session', 'jwt', 'api-key'], nodeLeaseSeconds: LEASE_SECONDS, sessionStore };
    app = await bootWithMadeUsers(options, [{ provide: SteadyClock, useValue: clock }]);
    verifier = await verifyKey(app);
  });
  afterAll(async () => {
    for (const follower of open) follower.hangUp();
    await app.close();
  });

  const follow = async (key: string, body?: object) => {
    const follower = await RawFollower.open(app.url, key, body);
    open.push(follower);
    return follower;
  };
  const someone = () => app.logIn({ strategy: 'jwt', transport: 'body' });

  it('grants no lease to a key whose followers revocations waited for in vain twice within a minute, and then again', async () => {
    const { key } = await verifyKey(app);
    const steady = await follow(key);
    steady.attend();
    // Processes that were killed: they acknowledge nothing, and end nothing. A node that is starved itself judges none, so there may be more than two.
    let died = 0;
    let user = await someone();
    let next = await follow(key);
    for (; next.lease.follows; died += 1) {
      next.hangUp();
      expect((await user.post('/auth/logout')).status).toBe(204);
      user = await someone();
      next = await follow(key);
    }
    expect(died).toBeGreaterThanOrEqual(2);
    expect(next.lease).toMatchObject({ follows: false, id: null, leaseSeconds: LEASE_SECONDS });
    await next.beats(2);
    expect((await next.lookUp({ ticket: user.accessToken ?? '' })).body).toMatchObject({ accepted: true });
    // A lease of the key that is kept well goes on, nothing waits for a bounded one, and other keys are none the worse.
    expect((await steady.put(steady.applied, true)).status).toBe(200);
    const others = [await follow(key, { mode: 'bounded' }), await follow(verifier.key)];
    expect(others.map(({ lease }) => lease.follows)).toEqual([true, true]);
    await others[1]!.end();
    clock.leap(60);
    expect(await next.ended()).toEqual({ type: 'end', code: 'unavailable' });
    // The node has lost its own lease by that.
    await app.app.get(Heartbeat, { strict: false }).beat();
    const again = await follow(key);
    expect(again.lease.follows).toBe(true);
    await again.end();
  });
});

describe('a follower that is late', () => {
  const lease = (key: string, number: number, appliedSeq: number) => ({
    leaseId: `follower:${key}:${number}`,
    appliedSeq,
    expiresInMilliseconds: 1_000,
  });

  it('has failed once, however often its lease is looked at', () => {
    const late = new LateFollowers();
    for (let now = 0; now < 5; now += 1) expect(late.judge([lease('k', 1, 6)], 7, now)).toEqual([]);
    expect(late.isSuspended('k', 5)).toBe(false);
  });

  it('is not one that has applied what was due, nor a node', () => {
    const late = new LateFollowers();
    const node = { ...lease('k', 1, 0), leaseId: 'k:1' };
    for (let number = 0; number < 5; number += 1)
      expect(late.judge([lease('k', number, 7), { ...node, leaseId: `k:${number}` }], 7, number)).toEqual([]);
    expect(late.isSuspended('k', 5)).toBe(false);
  });

  it('costs its key the next lease from the second time on, for a minute from the first of the latest two', () => {
    const late = new LateFollowers();
    late.judge([lease('k', 1, 6)], 7, 0);
    expect(late.judge([lease('k', 1, 6), lease('k', 2, 6)], 7, 30_000)).toEqual(['k']);
    expect(late.judge([lease('k', 3, 6)], 7, 40_000)).toEqual([]);
    expect([89_999, 90_000].map((now) => late.isSuspended('k', now))).toEqual([true, false]);
    expect(late.isSuspended('other', 40_000)).toBe(false);
  });

  it('is forgotten a minute after its last failure', () => {
    const late = new LateFollowers();
    for (let key = 0; key < 1_000; key += 1) late.judge([lease(`k${key}`, key, 6)], 7, key * 120_000);
    expect(late.size).toBe(1);
  });
});

describe('what followers tell of one lease', () => {
  it('goes to the store one call at a time, and together what comes meanwhile', async () => {
    const calls: unknown[] = [];
    const answers: ((head: number | null) => void)[] = [];
    const answered = (...call: unknown[]) =>
      new Promise<number | null>((resolve) => {
        calls.push(call);
        answers.push(resolve);
      });
    const store = new LeaseCalls({
      renew: (id, applied) => answered('renew', id, applied),
      acknowledge: (id, applied) => answered('acknowledge', id, applied),
    });
    const first = store.tell('a', { applied: 1, renews: false });
    const flood = Array.from({ length: 1_000 }, (_, index) => store.tell('a', { applied: index, renews: index === 7 }));
    const other = store.tell('b', { applied: 3, renews: false });
    expect(calls).toEqual([
      ['acknowledge', 'a', 1],
      ['acknowledge', 'b', 3],
    ]);
    answers[0]!(5);
    answers[1]!(null);
    expect([await first, await other]).toEqual([5, null]);
    expect(calls.slice(2)).toEqual([['renew', 'a', 999]]);
    answers[2]!(1_001);
    expect(new Set(await Promise.all(flood))).toEqual(new Set([1_001]));
    void store.tell('a', { applied: 1_001, renews: true });
    expect(calls.slice(3)).toEqual([['renew', 'a', 1_001]]);
  });

  it('is told again after a call that failed', async () => {
    let calls = 0;
    const answer = () => (++calls === 1 ? Promise.reject(new Error('out of reach')) : Promise.resolve(9));
    const store = new LeaseCalls({ renew: answer, acknowledge: answer });
    const [failing, waiting] = [1, 2].map((applied) => store.tell('a', { applied, renews: true }));
    await expect(failing).rejects.toThrow('out of reach');
    expect(await waiting).toBe(9);
    expect(await store.tell('a', { applied: 3, renews: false })).toBe(9);
  });
});
