import { randomUUID } from 'node:crypto';
import { type FeedListener, type RevocationFeed, WOKEN_BY_THE_LAST } from '../../src/revocation/revocation-feed.js';
import { isInstalled } from '../servers-of-this-run.js';
import { onOwnRedis, type StorageUnderTest, storages } from './store-setups.js';

const shared: Record<string, () => Promise<StorageUnderTest>> = {
  'real PostgreSQL': storages['real PostgreSQL']!,
  ...(isInstalled('redis-server') && {
    Redis: () => onOwnRedis('redis'),
    'Redis Cluster': () => onOwnRedis('redis-cluster'),
  }),
};
const LONG_SECONDS = 600;
const NODES = 20;

/** Hears both in the order in which they are told. */
class Hearer implements FeedListener {
  acknowledged = 0;
  private revoked = 0;
  private onward: () => void = () => {};

  onRevoked(): void {
    this.revoked += 1;
    this.onward();
  }

  onAcknowledged(): void {
    this.acknowledged += 1;
  }

  onLost(): void {}

  /** All that was told before this has been heard after it. */
  async after(feed: RevocationFeed): Promise<number> {
    const heard = this.revoked;
    const arrived = new Promise<void>((resolve) => {
      this.onward = () => this.revoked > heard && resolve();
    });
    await feed.append([{ subject: `session:${randomUUID()}`, kind: 'ended' }]);
    await arrived;
    return this.acknowledged;
  }
}

/** If each woke all others, a revocation would cost the square of the fleet. */
describe.each(Object.entries(shared))('many nodes on %s', (_name, open) => {
  let under: StorageUnderTest;
  let feed: RevocationFeed;
  beforeEach(async () => {
    under = await open();
    feed = under.storage.feed!;
  });
  afterEach(() => under.close());

  const granted = (count: number, seconds = LONG_SECONDS) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const id: string = randomUUID();
        await feed.grant(id, seconds);
        return id;
      }),
    );

  it.each([
    ['acknowledge', (id: string, seq: number) => feed.acknowledge(id, seq)],
    ['renew', (id: string, seq: number) => feed.renew(id, seq, LONG_SECONDS)],
  ])('that %s wake revokers when they are among the last', async (_, tell) => {
    const ids = await granted(NODES);
    const hearer = new Hearer();
    const stop = await feed.listen(hearer);
    await hearer.after(feed);
    const { head } = await feed.status();
    const early = NODES - WOKEN_BY_THE_LAST;
    for (const id of ids.slice(0, early)) expect(await tell(id, head)).not.toBeNull();
    expect(await hearer.after(feed)).toBe(0);
    for (const id of ids.slice(early)) expect(await tell(id, head)).not.toBeNull();
    expect(await hearer.after(feed)).toBe(WOKEN_BY_THE_LAST);
    const { leases } = await feed.status();
    expect(leases.filter(({ leaseId }) => ids.includes(leaseId)).map(({ appliedSeq }) => appliedSeq)).toEqual(
      ids.map(() => head),
    );
    await stop();
  });

  it('of which many have ended without a word: the one that is left wakes revokers', async () => {
    await granted(NODES, 0.001);
    const [left] = await granted(1);
    const hearer = new Hearer();
    const stop = await feed.listen(hearer);
    await hearer.after(feed);
    const isOver = async () => (await feed.status()).leases.filter(({ appliedSeq }) => appliedSeq >= 0).length === 1;
    while (!(await isOver()));
    const before = hearer.acknowledged;
    await feed.acknowledge(left!, (await feed.status()).head);
    expect(await hearer.after(feed)).toBe(before + 1);
    await stop();
  });
});
