import { NodeLease } from '../../src/revocation/node-lease.js';
import type { Announcement } from '../../src/revocation/revocation-feed.js';
import { FakeSteadyClock, UnreliableFeed } from './doubles.js';

const LEASE_SECONDS = 3;
/** Of 3 s the node uses 80 %. */
const USED_MILLISECONDS = 2400;
const RENEWAL_DUE_MILLISECONDS = 750;

describe('the lease of a node', () => {
  let clock: FakeSteadyClock;
  let feed: UnreliableFeed;
  let lease: NodeLease;
  let applied: string[];

  beforeEach(() => {
    clock = new FakeSteadyClock();
    feed = new UnreliableFeed();
    lease = new NodeLease(feed, clock, LEASE_SECONDS);
    applied = [];
    lease.follow({
      apply: ({ subject }: Announcement) => applied.push(subject),
      clear: () => applied.push('cleared'),
    });
  });

  const end = (id: string) => feed.append([{ subject: `session:${id}`, kind: 'ended' }]);
  const recorded = async () => (await feed.status()).leases.map(({ appliedSeq }) => appliedSeq);

  it('is not held before it was granted', async () => {
    expect(lease.isHeld()).toBe(false);
    await lease.keepUp();
    expect(lease.isHeld()).toBe(true);
  });

  it('begins with empty views at the head: what was before is not replayed', async () => {
    await end('old');
    await lease.keepUp();
    expect([applied, await recorded()]).toEqual([['cleared'], [1]]);
  });

  it('is held until just before 80 % of it have passed, and not at that instant', async () => {
    await lease.keepUp();
    clock.advance(USED_MILLISECONDS - 1);
    expect(lease.isHeld()).toBe(true);
    clock.advance(1);
    expect(lease.isHeld()).toBe(false);
  });

  it('is counted from before the renewal was sent, however late the answer', async () => {
    await lease.keepUp();
    feed.hold();
    const renewing = lease.keepUp();
    clock.advance(2000);
    feed.release();
    await renewing;
    // Sent at 0: the pull waited too, so the renewal itself left at 2000.
    expect(lease.isHeld()).toBe(true);
    feed.hold();
    const granting = new NodeLease(feed, clock, LEASE_SECONDS);
    const granted = granting.keepUp();
    clock.advance(USED_MILLISECONDS);
    feed.release();
    await granted;
    expect(granting.isHeld()).toBe(false);
  });

  it('applies what came, in order, and has told the store before the round is over', async () => {
    await lease.keepUp();
    await end('a');
    await end('b');
    await lease.keepUp();
    expect(applied).toEqual(['cleared', 'session:a', 'session:b']);
    expect(await recorded()).toEqual([2]);
  });

  it('is not prolonged by telling what was applied, only by a renewal; one is due after a quarter of it', async () => {
    await lease.keepUp();
    clock.advance(RENEWAL_DUE_MILLISECONDS - 1);
    await end('a');
    await lease.keepUp();
    expect(await recorded()).toEqual([1]);
    clock.advance(USED_MILLISECONDS - RENEWAL_DUE_MILLISECONDS);
    expect(lease.isHeld()).toBe(true);
    await lease.keepUp();
    clock.advance(USED_MILLISECONDS - 1);
    expect(lease.isHeld()).toBe(true);
    clock.advance(1);
    expect(lease.isHeld()).toBe(false);
  });

  it('tells the store nothing when a round brought nothing and no renewal is due', async () => {
    await lease.keepUp();
    const { told } = feed;
    await lease.keepUp();
    expect(feed.told).toBe(told);
  });

  it('once run out is never revived: everything is forgotten, and a new one begins at the head', async () => {
    await lease.keepUp();
    await end('missed');
    clock.advance(USED_MILLISECONDS);
    await lease.keepUp();
    expect(lease.isHeld()).toBe(true);
    expect(applied.filter((what) => what !== 'cleared')).toEqual([]);
    expect(applied.length).toBeGreaterThan(1);
    // The old one was released: no revoker waits for it.
    expect(await recorded()).toEqual([1]);
  });

  it('that ran out while its renewal was under way is not prolonged by the answer', async () => {
    await lease.keepUp();
    feed.hold();
    const renewing = lease.keepUp();
    clock.advance(USED_MILLISECONDS);
    feed.release();
    await renewing;
    expect(applied.filter((what) => what === 'cleared').length).toBeGreaterThan(1);
  });

  it('is given up at a gap', async () => {
    await lease.keepUp();
    for (const id of ['a', 'b', 'c']) await end(id);
    feed.forgetsUpTo = 2;
    await lease.keepUp();
    expect(applied).not.toContain('session:c');
    expect(await recorded()).toEqual([3]);
  });

  it('is given up when the head tells of what the feed keeps no more', async () => {
    await lease.keepUp();
    await end('a');
    feed.forgetsUpTo = 1;
    clock.advance(RENEWAL_DUE_MILLISECONDS);
    await lease.keepUp();
    expect([new Set(applied), applied.length > 1]).toEqual([new Set(['cleared']), true]);
    expect(await recorded()).toEqual([1]);
  });

  it('is given up when the store does not know it any more', async () => {
    await lease.keepUp();
    for (const { leaseId } of (await feed.status()).leases) await feed.releaseLease(leaseId);
    clock.advance(RENEWAL_DUE_MILLISECONDS);
    await lease.keepUp();
    expect(applied.length).toBeGreaterThan(1);
    expect(await recorded()).toEqual([0]);
  });

  it('lasts while the store is away, no longer, and comes back with it', async () => {
    await lease.keepUp();
    feed.isDown = true;
    await expect(lease.keepUp()).rejects.toThrow('out of reach');
    expect(lease.isHeld()).toBe(true);
    clock.advance(USED_MILLISECONDS);
    expect(lease.isHeld()).toBe(false);
    await expect(lease.keepUp()).rejects.toThrow('out of reach');
    feed.isDown = false;
    await lease.keepUp();
    expect(lease.isHeld()).toBe(true);
  });

  it('begins with the changes that may still become visible', async () => {
    await feed.append([{ subject: 'user:u', kind: 'changed', unsettled: true }]);
    await lease.keepUp();
    expect(applied).toEqual(['cleared', 'user:u']);
  });

  it('ends with the node, so that no revocation waits for it', async () => {
    await lease.keepUp();
    await lease.end();
    expect([lease.isHeld(), await recorded()]).toEqual([false, []]);
  });
});
