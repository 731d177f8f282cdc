import { AuthError } from '../../kernel/auth-error.js';
import { HashGate } from './hash-gate.js';

/** Timers that go off when the test says so. */
class Timers {
  private readonly pending = new Map<symbol, { action: () => void; seconds: number }>();

  readonly start = (action: () => void, seconds: number) => {
    const id = Symbol();
    this.pending.set(id, { action, seconds });
    return () => void this.pending.delete(id);
  };

  get count(): number {
    return this.pending.size;
  }

  /** Time passes for all that wait now. */
  goOff(): number[] {
    const due = [...this.pending.values()];
    this.pending.clear();
    for (const { action } of due) action();
    return due.map(({ seconds }) => seconds);
  }
}

/** Work that ends when the test says so, and notes its start. */
class Work {
  readonly started: number[] = [];
  private readonly ends = new Map<number, { resolve: (value: number) => void; reject: (error: Error) => void }>();

  of(number: number): () => Promise<number> {
    return () => {
      this.started.push(number);
      return new Promise((resolve, reject) => this.ends.set(number, { resolve, reject }));
    };
  }

  end(number: number): void {
    this.ends.get(number)!.resolve(number);
  }

  fail(number: number): void {
    this.ends.get(number)!.reject(new Error('broken'));
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the hash gate', () => {
  let timers: Timers;
  let work: Work;
  let gate: HashGate;
  beforeEach(() => {
    timers = new Timers();
    work = new Work();
    gate = new HashGate({ concurrency: 2, queue: 3, waitSeconds: 5 }, timers.start);
  });
  const enter = (number: number) => gate.run(work.of(number));

  it('M-11: gives each source its turn, however many each asks for', async () => {
    const wide = new HashGate({ concurrency: 1, queue: 100, waitSeconds: 5 }, timers.start);
    const requested = ['a', 'a', 'a', 'a', 'b', 'c', 'b'].map((source, i) => wide.run(work.of(i), source));
    for (const next of [0, 1, 4, 5, 2, 6, 3]) {
      await settle();
      expect(work.started.at(-1)).toBe(next);
      work.end(next);
    }
    await Promise.all(requested);
    expect([wide.running, wide.waiting]).toEqual([0, 0]);
  });

  it('M-11: charges a source that waits behind more of its own than run at once, and no other', async () => {
    const wide = new HashGate({ concurrency: 1, queue: 5, waitSeconds: 5 }, timers.start);
    const all = ['a', 'a', 'a', 'a', 'b', 'b'].map((source, i) => wide.run(work.of(i), source));
    const refusals = all.slice(1).map((each) => each.catch((error: AuthError) => [error.reason, error.isCharged]));
    const full = ['a', 'c'].map((source) =>
      wide.run(work.of(9), source).catch((error: AuthError) => [error.reason, error.isCharged]),
    );
    expect(await Promise.all(full)).toEqual([
      ['hash_queue_full', true],
      ['hash_queue_full', false],
    ]);
    timers.goOff();
    expect(await Promise.all(refusals)).toEqual([
      ['hash_waited_too_long', true],
      ['hash_waited_too_long', true],
      ['hash_waited_too_long', false],
      ['hash_waited_too_long', true],
      ['hash_waited_too_long', false],
    ]);
    expect(wide.waiting).toBe(0);
    work.end(0);
    await all[0];
  });

  it('runs two at once, and the rest in the order they came', async () => {
    const all = [1, 2, 3, 4, 5].map(enter);
    await settle();
    expect(work.started).toEqual([1, 2]);
    expect([gate.running, gate.waiting]).toEqual([2, 3]);
    for (const next of [1, 2, 3, 4, 5]) {
      work.end(next);
      await settle();
      expect(gate.running).toBeLessThanOrEqual(2);
    }
    expect(work.started).toEqual([1, 2, 3, 4, 5]);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
    expect([gate.running, gate.waiting, timers.count]).toEqual([0, 0, 0]);
  });

  it('gives the place of one that failed to the next', async () => {
    const [first, , third] = [1, 2, 3].map(enter);
    await settle();
    work.fail(1);
    await expect(first).rejects.toThrow('broken');
    await settle();
    expect(work.started).toEqual([1, 2, 3]);
    work.end(3);
    expect(await third).toBe(3);
  });

  it('gives the place of one that threw before it began to the next', async () => {
    const thrown = gate.run(() => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    expect(gate.running).toBe(0);
  });

  it('lets three wait and refuses the fourth with Retry-After', async () => {
    for (const number of [1, 2, 3, 4, 5]) void enter(number);
    const refused = await enter(6).catch((error) => error);
    expect(refused).toBeInstanceOf(AuthError);
    expect(refused).toMatchObject({ code: 'unavailable', reason: 'hash_queue_full', retryAfterSeconds: 5 });
    work.end(1);
    await settle();
    void enter(7);
    expect(gate.waiting).toBe(3);
  });

  it('refuses a caller who has waited five seconds, and never runs their work', async () => {
    void enter(1);
    void enter(2);
    const late = enter(3).catch((error) => error);
    expect(timers.goOff()).toEqual([5]);
    expect(await late).toMatchObject({ code: 'unavailable', reason: 'hash_waited_too_long', retryAfterSeconds: 5 });
    expect(gate.waiting).toBe(0);
    work.end(1);
    await settle();
    expect(work.started).toEqual([1, 2]);
    expect(gate.running).toBe(1);
  });

  it('hands a free place to the line, not to a request that comes at that moment', async () => {
    for (const number of [1, 2, 3]) void enter(number);
    await settle();
    work.end(1);
    void enter(4);
    await settle();
    expect(work.started).toEqual([1, 2, 3]);
    expect(gate.running).toBe(2);
  });

  it('without a line refuses a request that finds no place', async () => {
    const strict = new HashGate({ concurrency: 1, queue: 0, waitSeconds: 5 }, timers.start);
    void strict.run(work.of(1));
    await expect(strict.run(work.of(2))).rejects.toMatchObject({ reason: 'hash_queue_full' });
  });
});
