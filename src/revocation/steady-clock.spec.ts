import { MachineSteadyClock } from './steady-clock.js';

describe('the steady clock', () => {
  let monotonic = 0;
  let wall = 1_000_000;
  const clock = () =>
    new MachineSteadyClock(
      () => monotonic,
      () => Math.floor(wall),
    );
  const pass = (milliseconds: number) => {
    monotonic += milliseconds;
    wall += milliseconds;
  };

  it.each([0.1, 0.4, 0.9, 7, 130])('neither gains nor loses when asked every %d ms', (step) => {
    const steady = clock();
    const start = steady.milliseconds();
    for (let passed = 0; passed < 2000; passed += step) {
      pass(step);
      steady.milliseconds();
    }
    expect(Math.abs(steady.milliseconds() - start - 2000)).toBeLessThan(131);
    expect(steady.milliseconds() - start).toBeCloseTo(Math.ceil(2000 / step - 1e-9) * step, 0);
  });

  it('counts the time a machine was suspended, which its monotonic clock did not', () => {
    const steady = clock();
    const before = steady.milliseconds();
    wall += 3_600_000;
    pass(10);
    expect(steady.milliseconds() - before).toBeCloseTo(3_600_010, 0);
    pass(10);
    expect(steady.milliseconds() - before).toBeCloseTo(3_600_020, 0);
  });

  it('never goes back when the time of day is set back, and still sees a suspension afterwards', () => {
    const steady = clock();
    const before = steady.milliseconds();
    wall -= 7_200_000;
    pass(10);
    expect(steady.milliseconds() - before).toBeCloseTo(10, 0);
    wall += 5_000;
    expect(steady.milliseconds() - before).toBeCloseTo(5_010, 0);
  });
});
