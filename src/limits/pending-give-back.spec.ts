import { DataSource } from 'typeorm';
import { SystemClock } from '../kernel/clock.js';
import { LocalBuckets } from './local-buckets.js';
import { PendingGiveBack } from './pending-give-back.js';
import { RateLimiter } from './rate-limiter.js';

const LIMIT = { key: 'k', limit: 9, windowSeconds: 60 };
const database = new DataSource({ type: 'postgres' });
const another = new DataSource({ type: 'postgres' });

/** Whose counters a statement of `database` could reach. */
class ReachableBuckets extends LocalBuckets {
  override get countersIn(): DataSource {
    return database;
  }
}

async function taken(store: LocalBuckets) {
  const limiter = new RateLimiter(store, new SystemClock());
  const settled = { times: 0 };
  const pending = new PendingGiveBack(limiter, await limiter.take([LIMIT]), () => {
    settled.times += 1;
  });
  const standing = async () => (await limiter.take([LIMIT])).counts[0]!.count - 1;
  return { pending, settled, standing };
}

describe('counts that are to be given back', () => {
  it('are given back once, however often they are settled', async () => {
    const { pending, settled, standing } = await taken(new ReachableBuckets());
    await Promise.all([pending.settle(), pending.settle()]);
    expect([await standing(), settled.times]).toEqual([0, 1]);
  });

  it('are left to the statement that took them along', async () => {
    const { pending, settled, standing } = await taken(new ReachableBuckets());
    expect(pending.flushWith(database).map(({ key }) => key)).toEqual(['k']);
    pending.committed();
    await pending.settle();
    expect([await standing(), settled.times]).toEqual([1, 1]);
  });

  it('are given back when that statement failed', async () => {
    const { pending, settled, standing } = await taken(new ReachableBuckets());
    pending.flushWith(database);
    await pending.settle();
    pending.committed();
    expect([await standing(), settled.times]).toEqual([0, 1]);
  });

  it.each([
    ['of another database', new ReachableBuckets(), another],
    ['where the counters are in none', new LocalBuckets(), database],
  ])('are given to no statement %s', async (_where, store, asking) => {
    const { pending, settled, standing } = await taken(store);
    expect(pending.flushWith(asking)).toEqual([]);
    pending.committed();
    await pending.settle();
    expect([await standing(), settled.times]).toEqual([0, 1]);
  });

  it('are given to no statement any more once they are settled', async () => {
    const { pending, standing } = await taken(new ReachableBuckets());
    await pending.settle();
    expect(pending.flushWith(database)).toEqual([]);
    expect(await standing()).toBe(0);
  });
});
