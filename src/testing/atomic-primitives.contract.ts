import { randomUUID } from 'node:crypto';
import type { AtomicPrimitives } from '../sessions/atomic-primitives.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that atomic primitives bring to their contract suite. */
export interface AtomicPrimitivesSetup {
  readonly atomics: AtomicPrimitives;
  close(): Promise<void>;
}

const NOW = new Date('2030-01-01T12:00:00.123Z');
const LIFE_SECONDS = 600;
const MANY = 50;

/**
 * The rules every implementation of `AtomicPrimitives` keeps.
 *
 * @example
 * exerciseAtomicPrimitives({ describe, it, expect, beforeAll, afterAll }, async () => ({ atomics, close }))
 */
export function exerciseAtomicPrimitives(framework: TestFramework, setup: () => Promise<AtomicPrimitivesSetup>): void {
  const { describe, beforeAll, afterAll } = framework;
  describe('atomic primitives', () => {
    const suite = new AtomicPrimitivesSuite(framework);
    beforeAll(async () => {
      suite.setup = await setup();
    });
    afterAll(() => suite.setup.close());
    suite.consumeOnce();
    suite.compareAndAdvance();
    suite.addIfBelow();
    suite.takingBack();
    suite.keys();
    suite.races();
  });
}

class AtomicPrimitivesSuite {
  setup!: AtomicPrimitivesSetup;

  constructor(private readonly framework: TestFramework) {}

  consumeOnce(): void {
    const { it, expect } = this.framework;
    it('consumes what was offered once, and never what was not', async () => {
      const key = await this.offered();
      expect([await this.consume(key), await this.consume(key)]).toEqual([true, false]);
      expect(await this.consume(randomUUID())).toBe(false);
    });
    it('consumes until just before the deadline, and not at it', async () => {
      const [early, late] = [await this.offered(), await this.offered()];
      expect(await this.consume(early, LIFE_SECONDS - 0.001)).toBe(true);
      expect(await this.consume(late, LIFE_SECONDS)).toBe(false);
    });
    it('offers nothing where something stands, and leaves that as it was', async () => {
      const key = await this.offered(7);
      expect(await this.offer(key, 8, 1)).toBe(false);
      expect(await this.advance(key, 8, 9)).toBe(false);
      expect(await this.consume(key, LIFE_SECONDS - 1)).toBe(true);
    });
    it('offers again what was consumed or has run out', async () => {
      const [consumed, over] = [await this.offered(), await this.offered()];
      await this.consume(consumed);
      expect([await this.offer(consumed, 0), await this.consume(consumed)]).toEqual([true, true]);
      expect(await this.offer(over, 0, LIFE_SECONDS)).toBe(true);
      expect(await this.consume(over, LIFE_SECONDS)).toBe(true);
    });
    it('offers nothing that has run out already', async () => {
      const key = randomUUID();
      expect(await this.setup.atomics.offer(key, 0, { expiresAt: NOW, now: NOW })).toBe(false);
      expect(await this.consume(key)).toBe(false);
    });
  }

  compareAndAdvance(): void {
    const { it, expect } = this.framework;
    it('advances from exactly the expected value, and then from the next', async () => {
      const key = await this.offered(3);
      expect(await this.advance(key, 2, 4)).toBe(false);
      expect(await this.advance(key, 3, 5)).toBe(true);
      expect(await this.advance(key, 3, 5)).toBe(false);
      expect(await this.advance(key, 5, Number.MAX_SAFE_INTEGER)).toBe(true);
    });
    it('keeps the deadline, and advances nothing at it', async () => {
      const key = await this.offered(0);
      expect(await this.advance(key, 0, 1, LIFE_SECONDS - 0.001)).toBe(true);
      expect(await this.advance(key, 1, 2, LIFE_SECONDS)).toBe(false);
    });
    it('advances nothing that was never offered or was consumed', async () => {
      const key = await this.offered(0);
      await this.consume(key);
      expect([await this.advance(key, 0, 1), await this.advance(randomUUID(), 0, 1)]).toEqual([false, false]);
    });
    it('never goes back or stays', async () => {
      const key = await this.offered(3);
      for (const next of [2, 3, 3.5, Number.NaN]) await expect(this.advance(key, 3, next)).rejects.toThrow();
      expect(await this.advance(key, 3, 4)).toBe(true);
    });
  }

  addIfBelow(): void {
    const { it, expect } = this.framework;
    it('counts up to the limit and refuses more, without prolonging the window', async () => {
      const key = randomUUID();
      const counts = [];
      for (const seconds of [0, 1, 59]) counts.push(await this.add(key, 2, seconds));
      expect(counts).toEqual([
        { added: true, count: 1, resetsAt: after(60) },
        { added: true, count: 2, resetsAt: after(60) },
        { added: false, count: 2, resetsAt: after(60) },
      ]);
    });
    it('counts anew from the end of the window, not a millisecond before', async () => {
      const key = randomUUID();
      await this.add(key, 1, 0);
      expect((await this.add(key, 1, 59.999)).added).toBe(false);
      expect(await this.add(key, 1, 60)).toEqual({ added: true, count: 1, resetsAt: after(120) });
    });
    it('refuses a limit or a window of nothing', async () => {
      for (const limit of [0, -1, 1.5, Number.NaN]) await expect(this.add(randomUUID(), limit, 0)).rejects.toThrow();
    });
  }

  takingBack(): void {
    const { it, expect } = this.framework;
    const allowance = (limit: number, seconds: number) => ({ limit, windowSeconds: 60, now: after(seconds) });
    it('adds to several counters in turn, and touches none behind the first that is full', async () => {
      const [full, free, fresh] = [randomUUID(), randomUUID(), randomUUID()];
      await this.add(full, 1, 0);
      await this.add(free, 2, 10);
      const untouched = randomUUID();
      const keys = [fresh, free, full, untouched];
      const counts = await this.setup.atomics.addInTurn(
        keys.map((key) => ({ key, ...allowance(key === full ? 1 : 2, 20) })),
      );
      expect(counts).toEqual([
        { added: true, count: 1, resetsAt: after(80) },
        { added: true, count: 2, resetsAt: after(70) },
        { added: false, count: 1, resetsAt: after(60) },
      ]);
      expect((await this.add(untouched, 2, 30)).resetsAt).toEqual(after(90));
    });
    it('undoes an addition of the running window, of no other, and never below nothing', async () => {
      const key = randomUUID();
      const { resetsAt } = await this.add(key, 1, 0);
      await this.setup.atomics.subtract([
        { key, resetsAt: after(59) },
        { key: randomUUID(), resetsAt },
      ]);
      expect((await this.add(key, 1, 1)).added).toBe(false);
      await this.setup.atomics.subtract([{ key, resetsAt }]);
      await this.setup.atomics.subtract([{ key, resetsAt }]);
      expect([(await this.add(key, 1, 2)).added, (await this.add(key, 1, 3)).added]).toEqual([true, false]);
      expect((await this.add(key, 1, 60)).added).toBe(true);
      await this.setup.atomics.subtract([{ key, resetsAt }]);
      expect((await this.add(key, 1, 61)).added).toBe(false);
    });
    it('forgets counters, and counts them anew', async () => {
      const keys = [randomUUID(), randomUUID()];
      for (const key of keys) await this.add(key, 1, 0);
      await this.setup.atomics.forget([...keys, randomUUID()]);
      for (const key of keys) {
        expect(await this.add(key, 1, 0)).toEqual({ added: true, count: 1, resetsAt: after(60) });
      }
    });
    it('neither loses a count nor waits in a circle when many add to and subtract from the same counters', async () => {
      const keys = [randomUUID(), randomUUID(), randomUUID()];
      await atOnce(async (i) => {
        const some = i % 2 === 0 ? keys : keys.slice(1);
        const counts = await this.setup.atomics.addInTurn(some.map((key) => ({ key, ...allowance(MANY, 0) })));
        await this.setup.atomics.subtract(some.map((key, at) => ({ key, resetsAt: counts[at]!.resetsAt })));
      });
      for (const key of keys) expect((await this.add(key, MANY, 0)).count).toBe(1);
    });
  }

  keys(): void {
    const { it, expect } = this.framework;
    it('takes any text for a key, keeps keys apart, and a counter apart from an offer', async () => {
      const id = randomUUID();
      const keys = ['', ' ', '\r\nflush_all\r\n', '{a}', '\u0000', 'ü❤', 'x'.repeat(5000)].map((key) => id + key);
      for (const key of keys) expect(await this.offer(key, 1)).toBe(true);
      for (const key of keys) expect((await this.add(key, 1, 0)).count).toBe(1);
      for (const key of keys) expect([await this.consume(key), await this.consume(key)]).toEqual([true, false]);
    });
  }

  races(): void {
    const { it, expect } = this.framework;
    it(`${MANY} concurrent consumes have one winner`, async () => {
      const key = await this.offered();
      expect((await atOnce(() => this.consume(key))).filter(Boolean)).toEqual([true]);
    });
    it(`of ${MANY} concurrent offers one stands`, async () => {
      const key = randomUUID();
      const outcomes = await atOnce((i) => this.offer(key, i));
      expect(outcomes.filter(Boolean)).toEqual([true]);
      expect(await this.advance(key, outcomes.indexOf(true), MANY)).toBe(true);
    });
    it(`${MANY} concurrent advances from one value have one winner`, async () => {
      const key = await this.offered(0);
      const outcomes = await atOnce((i) => this.advance(key, 0, i + 1));
      expect(outcomes.filter(Boolean)).toEqual([true]);
      expect(await this.advance(key, outcomes.indexOf(true) + 1, MANY + 1)).toBe(true);
    });
    it('a consume and an advance at once leave nothing to consume', async () => {
      const key = await this.offered(0);
      await Promise.all([this.advance(key, 0, 1), this.consume(key)]);
      expect(await this.consume(key)).toBe(false);
    });
    it(`${MANY} concurrent additions never exceed the limit, and reach it`, async () => {
      const key = randomUUID();
      const counts = await atOnce(() => this.add(key, 7, 0));
      const added = counts.filter((count) => count.added).map(({ count }) => count);
      expect(added.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(counts.filter((count) => !count.added).every(({ count }) => count === 7)).toBe(true);
    });
    it('lets no writer starve: writers of one key that never pause are all counted', async () => {
      const key = randomUUID();
      await atOnce(async () => {
        for (let i = 0; i < 20; i++) await this.add(key, 20 * MANY, 0);
      });
      expect(await this.add(key, 20 * MANY, 0)).toEqual({ added: false, count: 20 * MANY, resetsAt: after(60) });
      expect((await this.add(key, 20 * MANY + 1, 0)).count).toBe(20 * MANY + 1);
    });
  }

  private async offered(value = 0): Promise<string> {
    const key = randomUUID();
    await this.offer(key, value);
    return key;
  }

  private offer(key: string, value: number, seconds = 0): Promise<boolean> {
    const validity = { expiresAt: after(seconds + LIFE_SECONDS), now: after(seconds) };
    return this.setup.atomics.offer(key, value, validity);
  }

  private consume(key: string, seconds = 0): Promise<boolean> {
    return this.setup.atomics.consumeOnce(key, after(seconds));
  }

  private advance(key: string, expected: number, next: number, seconds = 0): Promise<boolean> {
    return this.setup.atomics.compareAndAdvance(key, { expected, next, now: after(seconds) });
  }

  private add(key: string, limit: number, seconds: number) {
    return this.setup.atomics.addIfBelow(key, { limit, windowSeconds: 60, now: after(seconds) });
  }
}

function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

function atOnce<T>(act: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: MANY }, (_, index) => act(index)));
}
