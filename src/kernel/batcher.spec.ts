import { Batcher } from './batcher.js';

/** Batches that end when the test says so. */
function heldBatches() {
  const batches: { items: readonly number[]; finish: () => void; fail: () => void }[] = [];
  const loadAll = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const finish = () => resolve(items.map((item) => item * 10));
      batches.push({ items, finish, fail: () => reject(new Error('lost')) });
    });
  return { batches, loadAll };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('loads an item that comes alone at once, and those that come meanwhile together', async () => {
  const { batches, loadAll } = heldBatches();
  const batcher = new Batcher(loadAll);
  const loads = [1, 2, 3].map((item) => batcher.load(item));
  expect(batches.map(({ items }) => items)).toEqual([[1]]);
  batches[0]!.finish();
  await turn();
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  batches[1]!.finish();
  expect(await Promise.all(loads)).toEqual([10, 20, 30]);
  await turn();
  const late = batcher.load(4);
  expect(batches[2]!.items).toEqual([4]);
  batches[2]!.finish();
  expect(await late).toBe(40);
});

it('loads no more at a time than a batch may hold, in the order of the calls', async () => {
  const { batches, loadAll } = heldBatches();
  const batcher = new Batcher(loadAll, { maxBatchSize: 2 });
  const loads = [1, 2, 3, 4].map((item) => batcher.load(item));
  for (let batch = 0; batch < 3; batch += 1) {
    batches[batch]!.finish();
    await turn();
  }
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  expect(await Promise.all(loads)).toEqual([10, 20, 30, 40]);
});

it('lets no call wait for a batch that does not end while there may be another', async () => {
  const { batches, loadAll } = heldBatches();
  const batcher = new Batcher(loadAll, { concurrency: 2 });
  void batcher.load(1);
  const quick = batcher.load(2);
  const next = batcher.load(3);
  batches[1]!.finish();
  expect(await quick).toBe(20);
  await turn();
  batches[2]!.finish();
  expect(await next).toBe(30);
});

it('tells a failure to the calls of that batch only, and goes on', async () => {
  const { batches, loadAll } = heldBatches();
  const batcher = new Batcher(loadAll);
  const [first, second] = [batcher.load(1), batcher.load(2)];
  batches[0]!.fail();
  await expect(first).rejects.toThrow('lost');
  await turn();
  batches[1]!.finish();
  expect(await second).toBe(20);
});

it('does not wait for a result that is a promise', async () => {
  const never = new Promise<number>(() => {});
  const batcher = new Batcher<number, number>(async (items) => items.map((item) => (item === 2 ? never : item)));
  void batcher.load(1);
  void batcher.load(2);
  expect(await batcher.load(3)).toBe(3);
});
