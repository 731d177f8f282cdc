import { Acknowledgement } from '../../src/revocation/acknowledgement.js';
import { NodeLease } from '../../src/revocation/node-lease.js';
import type { FeedStatus } from '../../src/revocation/revocation-feed.js';
import { RevocationRelay } from '../../src/revocation/revocation-relay.js';
import type { RevocationChannel } from '../../src/revocation/revocations.js';
import { MemoryRevocationFeed } from '../../src/stores/memory/memory-revocation.feed.js';
import { FakeSteadyClock } from './doubles.js';

/** Answers what the test has prepared, and the last of it for ever. */
class PreparedFeed extends MemoryRevocationFeed {
  readonly prepared: FeedStatus[] = [];
  answers = 0;

  override async status(): Promise<FeedStatus> {
    this.answers += 1;
    return this.prepared[Math.min(this.answers, this.prepared.length) - 1]!;
  }
}

/** Never answers what is told of one lease. */
class SilentFeed extends MemoryRevocationFeed {
  static readonly LEASE = 'one';

  override acknowledge(leaseId: string, appliedSeq: number): Promise<number | null> {
    return leaseId === SilentFeed.LEASE ? new Promise(() => {}) : super.acknowledge(leaseId, appliedSeq);
  }
}

/** @see test/lab/fleet, "Redis is flushed": the waiter once waited for ever, and gave up its node's lease at every look. */
it('a waiter waits for leases that the store forgot, and not for a number from before it forgot', async () => {
  const other = { leaseId: 'another node', expiresInMilliseconds: 1 };
  const nobody = { leaseId: '', appliedSeq: -1, expiresInMilliseconds: 1 };
  const feed = new PreparedFeed();
  feed.prepared.push(
    { head: 100, leases: [{ ...other, appliedSeq: 99 }] },
    { head: 2, leases: [nobody, { ...other, appliedSeq: 2 }] },
    { head: 7, leases: [{ ...other, appliedSeq: 3 }] },
  );
  const lease = new NodeLease(feed, new FakeSteadyClock(), 3);
  await new Acknowledgement(feed, lease).ofAllNodes(async () => {});
  expect(feed.answers).toBe(3);
});

it('a waiter that nobody wakes looks again soon, and then less and less often', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'performance'] });
  try {
    const feed = new PreparedFeed();
    const behind = { head: 7, leases: [{ leaseId: 'another node', appliedSeq: 6, expiresInMilliseconds: 60_000 }] };
    feed.prepared.push(behind);
    const end = new Acknowledgement(feed, new NodeLease(feed, new FakeSteadyClock(), 3)).ofAllNodes(async () => {});
    const looks: number[] = [];
    for (const passed of [0, 10, 20, 40, 80, 160, 250, 250]) {
      await jest.advanceTimersByTimeAsync(passed);
      looks.push(feed.answers);
    }
    expect(looks).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    feed.prepared.push({ head: 7, leases: [] });
    await jest.advanceTimersByTimeAsync(250);
    await end;
  } finally {
    jest.useRealTimers();
  }
});

describe('a revocation is answered by a lease that has ended', () => {
  const running = (appliedSeq: number, leaseId = 'another node', expiresInMilliseconds = 1) => ({
    head: 7,
    leases: [{ leaseId, appliedSeq, expiresInMilliseconds }],
  });
  const none = { head: 7, leases: [] };

  it.each([
    ['its node has applied it', [running(6), running(7)], 0],
    ['every node had applied it already', [running(7)], 0],
    ['its node never applies it, and the lease ends', [running(6), none], 1],
    ['its node gives the lease back early', [running(6, 'another node', 60_000), none], 0],
    ['its node loses the lease and begins anew', [running(6), running(7, 'another node:2')], 1],
  ])('%s', async (_, prepared, byLease) => {
    const feed = new PreparedFeed();
    feed.prepared.push(...prepared);
    const acknowledgement = new Acknowledgement(feed, new NodeLease(feed, new FakeSteadyClock(), 3));
    await acknowledgement.ofAllNodes(async () => {});
    expect(acknowledgement.answeredByLease).toBe(byLease);
  });
});

describe('a waiter whom the holders of leases tell themselves', () => {
  // It looks by itself too, soon.
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
  afterEach(() => jest.useRealTimers());

  const follower = (leaseId: string, appliedSeq: number) => ({ leaseId, appliedSeq, expiresInMilliseconds: 60_000 });
  const [one, other] = [follower('one', 6), follower('other', 5)];

  function waiting(...prepared: FeedStatus[]) {
    const feed = new PreparedFeed();
    feed.prepared.push(...prepared);
    const acknowledgement = new Acknowledgement(feed, new NodeLease(feed, new FakeSteadyClock(), 3));
    const state = { feed, acknowledgement, isOver: false, end: Promise.resolve() };
    state.end = acknowledgement
      .ofAllNodes(async () => {})
      .then(() => {
        state.isOver = true;
      });
    return state;
  }
  const looked = () => new Promise((resolve) => setImmediate(resolve));

  it('goes on with the last of them that had not applied it, and looks no more', async () => {
    const state = waiting({ head: 7, leases: [one, other] });
    await looked();
    state.acknowledgement.heard('one', 7);
    state.acknowledgement.heard('a third', 7);
    state.acknowledgement.heard('other', 6);
    await looked();
    expect(state.isOver).toBe(false);
    state.acknowledgement.heard('other', 7);
    await state.end;
    expect(state.feed.answers).toBe(1);
    expect(state.acknowledgement.answeredByLease).toBe(0);
  });

  it('has heard what was told while it looked', async () => {
    const { feed, acknowledgement, end } = waiting({ head: 7, leases: [one, other] });
    acknowledgement.heard('one', 7);
    acknowledgement.heard('other', 7);
    await end;
    expect(feed.answers).toBe(1);
  });

  it('does not count what was told of another feed: the store was turned back', async () => {
    const behind = { head: 7, leases: [one] };
    const state = waiting(behind, behind, { head: 7, leases: [follower('one', 7)] });
    state.acknowledgement.heard('one', 100);
    await looked();
    expect(state.isOver).toBe(false);
    state.acknowledgement.wake();
    await looked();
    expect(state.isOver).toBe(false);
    state.acknowledgement.wake();
    await state.end;
  });

  it('goes by what is told before it is recorded up to the number that its node has come to, and no further', async () => {
    const feed = new SilentFeed();
    const lease = new NodeLease(feed, new FakeSteadyClock(), 3);
    const acknowledgement = new Acknowledgement(feed, lease);
    const relay = new RevocationRelay(
      { feed, lease, acknowledgement } as Partial<RevocationChannel> as RevocationChannel,
      3,
    );
    await feed.grant(SilentFeed.LEASE, 60);
    await feed.append([{ subject: 'key:one', kind: 'ended' }]);
    await lease.keepUp();
    let isOver = false;
    const end = acknowledgement.ofAllNodes(async () => {}).then(() => (isOver = true));
    await looked();
    void relay.acknowledge(SilentFeed.LEASE, 2);
    await looked();
    expect(isOver).toBe(false);
    void relay.acknowledge(SilentFeed.LEASE, 1);
    await end;
  });

  it('does not count a number beyond the head that is recorded either', async () => {
    const state = waiting({ head: 7, leases: [follower('one', 100)] }, { head: 7, leases: [follower('one', 7)] });
    await looked();
    expect(state.isOver).toBe(false);
    state.acknowledgement.wake();
    await state.end;
    expect(state.feed.answers).toBe(2);
  });

  it('waits for leases of no node as long as they may run: a store has forgotten whose they are', async () => {
    const forgotten = { leaseId: '', appliedSeq: -1, expiresInMilliseconds: 60_000 };
    const state = waiting({ head: 7, leases: [one, forgotten] }, { head: 7, leases: [] });
    await looked();
    state.acknowledgement.heard('one', 7);
    await looked();
    expect(state.isOver).toBe(false);
    state.acknowledgement.wake();
    await state.end;
  });

  it('does not let a later waiter go by what was told before it came', async () => {
    const behind = { head: 8, leases: [one] };
    const state = waiting({ head: 7, leases: [one] }, behind, { head: 8, leases: [] });
    await looked();
    let isLaterOver = false;
    const later = state.acknowledgement.ofAllNodes(async () => {}).then(() => (isLaterOver = true));
    state.acknowledgement.heard('one', 7);
    await state.end;
    await looked();
    expect(isLaterOver).toBe(false);
    state.acknowledgement.heard('one', 8);
    await later;
  });
});
