import { randomUUID } from 'node:crypto';
import type { RateLimitStore } from '../limits/rate-limit.store.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that a store of rate limits brings to its contract suite. */
export interface RateLimitStoreSetup {
  readonly store: RateLimitStore;
  close(): Promise<void>;
}

const NOW = new Date('2030-01-01T12:00:00.123Z');
const MANY = 60;

/**
 * The rules every implementation of `RateLimitStore` keeps.
 *
 * @example
 * exerciseRateLimitStore({ describe, it, expect, beforeAll, afterAll }, async () => ({ store, close }))
 */
export function exerciseRateLimitStore(framework: TestFramework, setup: () => Promise<RateLimitStoreSetup>): void {
  const { describe, it, expect, beforeAll, afterAll } = framework;
  describe('rate limit store', () => {
    let made: RateLimitStoreSetup;
    beforeAll(async () => {
      made = await setup();
    });
    afterAll(() => made.close());

    const limit = (key: string, most: number) => ({ key, limit: most, windowSeconds: 60 });
    const add = async (key: string, most: number, seconds = 0) =>
      (await made.store.add([limit(key, most)], at(seconds)))[0]!;

    it('counts up to the limit, and anew from the end of the window', async () => {
      const key = randomUUID();
      const added = [];
      for (const seconds of [0, 1, 59.999, 60]) added.push((await add(key, 2, seconds)).added);
      expect(added).toEqual([true, true, false, true]);
    });

    it('counts in the order asked up to the first that is full, and touches none behind it', async () => {
      const [full, free, behind] = [randomUUID(), randomUUID(), randomUUID()];
      await add(full, 1);
      expect(await made.store.add([limit(free, 1), limit(full, 1), limit(behind, 1)], at(10))).toEqual([
        { added: true, count: 1, resetsAt: at(70) },
        { added: false, count: 1, resetsAt: at(60) },
      ]);
      expect((await add(behind, 1, 20)).added).toBe(true);
    });

    it('subtracts what was counted in the running window, and nothing else', async () => {
      const key = randomUUID();
      const { resetsAt } = await add(key, 1);
      await made.store.subtract([{ key, resetsAt: at(1) }]);
      expect((await add(key, 1)).added).toBe(false);
      await made.store.subtract([{ key, resetsAt }]);
      expect([(await add(key, 1)).added, (await add(key, 1)).added]).toEqual([true, false]);
    });

    it('forgets', async () => {
      const key = randomUUID();
      await add(key, 1);
      await made.store.forget([key, randomUUID()]);
      expect((await add(key, 1)).added).toBe(true);
    });

    it(`lets exactly as many pass as the limit says, of ${MANY} at once`, async () => {
      const keys = [randomUUID(), randomUUID()];
      const tallies = await Promise.all(
        Array.from({ length: MANY }, () =>
          made.store.add(
            keys.map((key, i) => limit(key, 4 - i)),
            NOW,
          ),
        ),
      );
      for (const [i] of keys.entries()) expect(tallies.filter((tally) => tally[i]?.added)).toHaveLength(4 - i);
    });
  });
}

function at(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}
