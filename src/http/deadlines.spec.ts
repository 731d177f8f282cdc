import { Options } from '../config/options.js';
import { isTooLate, outsideDeadline } from '../kernel/deadline.js';
import { Deadlines } from './deadlines.js';
import { httpOptions } from './http-options.js';

const SECONDS = 10;

describe('the deadline of a request', () => {
  let deadlines: Deadlines;
  beforeEach(() => {
    jest.useFakeTimers();
    jest.setSystemTime(0);
    deadlines = new Deadlines(Options.resolve([httpOptions], { requestDeadlineSeconds: SECONDS }));
  });
  afterEach(() => {
    deadlines.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  const never = () => new Promise<never>(() => undefined);
  const seen = (promise: Promise<unknown>) => {
    const state: { error?: unknown; value?: unknown } = {};
    promise.then(
      (value) => Object.assign(state, { value }),
      (error) => Object.assign(state, { error }),
    );
    return state;
  };

  it('is met by what ends just before it, and turns away what does not end', async () => {
    const late = seen(deadlines.bound({}, never));
    let end: (value: string) => void = () => undefined;
    const inTime = deadlines.bound({}, () => new Promise<string>((resolve) => (end = resolve)));
    await jest.advanceTimersByTimeAsync(SECONDS * 1000 - 100);
    expect(late).toEqual({});
    end('done');
    await jest.advanceTimersByTimeAsync(200);
    await expect(inTime).resolves.toBe('done');
    expect(late.error).toMatchObject({ code: 'unavailable', reason: 'deadline_passed', retryAfterSeconds: 5 });
  });

  it('counts from the first time that the request was bounded', async () => {
    const request = {};
    const first = deadlines.bound(request, () => new Promise((resolve) => setTimeout(resolve, 8000)));
    await jest.advanceTimersByTimeAsync(8000);
    await first;
    const second = seen(deadlines.bound(request, never));
    await jest.advanceTimersByTimeAsync(2100);
    expect(second.error).toMatchObject({ code: 'unavailable' });
  });

  it('is known to all that follows from a request, once a request has waited long, but not to what others wait for too', async () => {
    const steps: boolean[][] = [];
    const handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      steps.push([isTooLate(), outsideDeadline(isTooLate)]);
    };
    void seen(deadlines.bound({}, handler));
    await jest.advanceTimersByTimeAsync(3000);
    void seen(deadlines.bound({}, handler));
    void seen(deadlines.bound({}, async () => steps.push([isTooLate()])));
    await jest.advanceTimersByTimeAsync(13_000);
    // The first was under way before any was followed.
    expect(steps).toEqual([[false], [false, false], [true, false]]);
  });

  it('is not followed, and watched by no timer, while no request waits', async () => {
    await deadlines.bound({}, async () => undefined);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(100);
    expect(jest.getTimerCount()).toBe(0);
    void seen(deadlines.bound({}, never));
    await jest.advanceTimersByTimeAsync(SECONDS * 1000 + 100);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(40_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});
