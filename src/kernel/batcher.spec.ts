import { Batcher } from './batcher.js';

/** Trips that end when the test says so. */
function heldTrips() {
  const trips: { riders: readonly number[]; arrive: () => void; fail: () => void }[] = [];
  const travel = (riders: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const arrive = () => resolve(riders.map((rider) => rider * 10));
      trips.push({ riders, arrive, fail: () => reject(new Error('lost')) });
    });
  return { trips, travel };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('leaves at once with who comes alone, and takes who comes meanwhile along on the next trip', async () => {
  const { trips, travel } = heldTrips();
  const batcher = new Batcher(travel);
  const rides = [1, 2, 3].map((rider) => batcher.load(rider));
  expect(trips.map(({ riders }) => riders)).toEqual([[1]]);
  trips[0]!.arrive();
  await turn();
  expect(trips.map(({ riders }) => riders)).toEqual([[1], [2, 3]]);
  trips[1]!.arrive();
  expect(await Promise.all(rides)).toEqual([10, 20, 30]);
  await turn();
  const late = batcher.load(4);
  expect(trips[2]!.riders).toEqual([4]);
  trips[2]!.arrive();
  expect(await late).toBe(40);
});

it('takes no more along than there are seats, in the order of coming', async () => {
  const { trips, travel } = heldTrips();
  const batcher = new Batcher(travel, { maxBatchSize: 2 });
  const rides = [1, 2, 3, 4].map((rider) => batcher.load(rider));
  for (let trip = 0; trip < 3; trip += 1) {
    trips[trip]!.arrive();
    await turn();
  }
  expect(trips.map(({ riders }) => riders)).toEqual([[1], [2, 3], [4]]);
  expect(await Promise.all(rides)).toEqual([10, 20, 30, 40]);
});

it('lets nobody wait for a trip that does not end while another lane is free', async () => {
  const { trips, travel } = heldTrips();
  const batcher = new Batcher(travel, { concurrency: 2 });
  void batcher.load(1);
  const quick = batcher.load(2);
  const next = batcher.load(3);
  trips[1]!.arrive();
  expect(await quick).toBe(20);
  await turn();
  trips[2]!.arrive();
  expect(await next).toBe(30);
});

it('tells a failure to those of that trip only, and goes on', async () => {
  const { trips, travel } = heldTrips();
  const batcher = new Batcher(travel);
  const [first, second] = [batcher.load(1), batcher.load(2)];
  trips[0]!.fail();
  await expect(first).rejects.toThrow('lost');
  await turn();
  trips[1]!.arrive();
  expect(await second).toBe(20);
});

it('does not wait for who gets off to walk', async () => {
  const walk = new Promise<number>(() => {});
  const batcher = new Batcher<number, number>(async (riders) => riders.map((rider) => (rider === 2 ? walk : rider)));
  void batcher.load(1);
  void batcher.load(2);
  expect(await batcher.load(3)).toBe(3);
});
