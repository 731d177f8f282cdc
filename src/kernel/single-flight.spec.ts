import { SingleFlight } from './single-flight.js';

/** Runs that end when the test says so. */
function heldRuns(pauseMilliseconds?: number) {
  const runs: { finish: (result: number) => void; fail: () => void }[] = [];
  const flight = new SingleFlight(
    () =>
      new Promise<number>((finish, reject) => {
        runs.push({ finish, fail: () => reject(new Error('lost')) });
      }),
    pauseMilliseconds,
  );
  return { runs, flight };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('shares the next run among all who ask while one is under way, and never the one that began before', async () => {
  const { runs, flight } = heldRuns();
  const first = flight.run();
  await turn();
  const [second, third] = [flight.run(), flight.run()];
  await turn();
  expect(runs).toHaveLength(1);
  runs[0]!.finish(1);
  expect(await first).toBe(1);
  await turn();
  expect(runs).toHaveLength(2);
  runs[1]!.finish(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  await turn();
  expect(runs).toHaveLength(2);
});

it('tells a failure to those who shared it, and goes on', async () => {
  const { runs, flight } = heldRuns();
  const [first, shared] = [flight.run(), flight.run()];
  await turn();
  const next = flight.run();
  runs[0]!.fail();
  await expect(first).rejects.toThrow('lost');
  await expect(shared).rejects.toThrow('lost');
  await turn();
  runs[1]!.finish(2);
  expect(await next).toBe(2);
});

it('begins no run before the pause is over', async () => {
  const { runs, flight } = heldRuns(60_000);
  const first = flight.run();
  await turn();
  runs[0]!.finish(1);
  expect(await first).toBe(1);
  void flight.run();
  await turn();
  expect(runs).toHaveLength(1);
});
