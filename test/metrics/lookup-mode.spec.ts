import { Logger } from '@nestjs/common';
import { ManagementServer } from '../../src/metrics/management-server.js';
import { SteadyClock } from '../../src/revocation/steady-clock.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { DatabaseProxy } from '../database-proxy.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase } from '../real-postgres.js';
import { Scrape } from './scrape.js';
import { SteadyClockByHand } from './steady-clock-by-hand.js';

const HELD = 'coatcheck_lease_held';
const LOOKUP = 'coatcheck_lookup_mode_seconds_total';
const AGE = 'coatcheck_view_age_seconds';
/** Of three seconds, the part that a node uses. */
const USED_SECONDS = 2.4;

describe('lookup mode', () => {
  const clock = new SteadyClockByHand();
  const running: { end(): Promise<unknown> }[] = [];
  afterEach(() => Promise.all(running.splice(0).map((one) => one.end())));

  async function boot(options: object): Promise<{ app: AuthTestApp; scrape: () => Promise<Scrape> }> {
    const app = await bootService(options, [{ provide: SteadyClock, useValue: clock }]);
    running.push({ end: () => app.close() });
    Logger.overrideLogger(false);
    const url = await app.app.get(ManagementServer).listen(0);
    return { app, scrape: () => Scrape.of(url) };
  }

  it('is counted from when the store was cut off until the lease is held again', async () => {
    const database = await freshDatabase();
    const proxy = new DatabaseProxy(new URL(database.url));
    const { scrape } = await boot({ databaseUrl: await proxy.open() });
    running.push({ end: async () => proxy.close() });
    const until = async (held: number) => {
      for (;;) {
        const seen = await scrape();
        if (seen.value(HELD) === held) return seen;
      }
    };
    const before = (await until(1)).value(LOOKUP);
    clock.pass(1);
    expect((await scrape()).value(AGE)).toBeLessThanOrEqual(1);
    proxy.cut();
    const cut = (await until(0)).value(LOOKUP);
    clock.pass(7);
    expect((await scrape()).value(LOOKUP)).toBeCloseTo(cut + 7, 6);
    expect((await scrape()).value(AGE)).toBeGreaterThanOrEqual(7);
    proxy.mend();
    const healed = await until(1);
    expect(healed.value(LOOKUP)).toBeCloseTo(before + 7, 6);
    clock.pass(1);
    expect((await scrape()).value(LOOKUP)).toBeCloseTo(before + 7, 6);
  });

  it('begins when the lease ran out, not when that was noticed', async () => {
    const { scrape } = await boot({ sessionStore: 'memory' });
    const before = (await scrape()).value(LOOKUP);
    clock.pass(10);
    expect((await scrape()).value(LOOKUP)).toBeCloseTo(before + 10 - USED_SECONDS, 6);
  });

  it('lasts for ever where there is no view, and its age is not told', async () => {
    const { app, scrape } = await boot({ sessionStore: 'memory', sessionViewSize: 0 });
    const before = (await scrape()).value(LOOKUP);
    clock.pass(5);
    const user = await app.logIn();
    await user.get('/auth/me');
    await user.get('/auth/me');
    const after = await scrape();
    expect(after.value(LOOKUP)).toBeCloseTo(before + 5, 6);
    expect([after.value(HELD), after.value('coatcheck_view_hits_total')]).toEqual([0, 0]);
    expect(after.value('coatcheck_view_misses_total')).toBeGreaterThanOrEqual(2);
    expect(after.value('coatcheck_view_sessions')).toBe(0);
    expect(after.text).not.toMatch(/^coatcheck_view_age_seconds/m);
  });
});
