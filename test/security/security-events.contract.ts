import type { AuthTestApp } from '../../src/testing/index.js';
import {
  bootService,
  overStrategies,
  type StoreUnderTest,
  type StrategyUnderTest,
  strategyOn,
} from '../flows/combinations.js';
import { expectedFates, withoutUntried } from './expected-fates.js';
import { HALVES, HAPPENINGS, type Happening } from './happenings.js';
import { Holder, SCOPE } from './holder.js';
import { type Fate, HELD, type Held, Trials } from './trials.js';

const OPTIONS = {
  emailVerification: 'optional',
  mailLogin: 'link',
  usernames: true,
  mailLoginUrl: 'https://app.example.com/sign-in',
  apiKeyScopes: [SCOPE],
  apiKeyFreshSeconds: 3600,
  loginFactorSeconds: 3600,
  refreshGraceSeconds: 0,
  lockoutFailures: 3,
  secondFactorRoles: ['boss'],
  mailsPerAddress: 1_000_000,
  mailsPerIp: 1_000_000,
} as const;

/**
 * Every event of one half against everything a user can hold: all of it is made by its real route, the event happens by its own, and then each thing
 * is tried. What an event ends depends neither on the store nor on the strategy, as each is proven by itself: one half on PostgreSQL by `session` and
 * the other on Redis by `jwt` would do. `test/lab/events`, a part of continuous integration, has each event on every store and by both strategies, and its
 * long form the whole product.
 */
export function exerciseSecurityEvents(
  store: StoreUnderTest,
  half: keyof typeof HALVES,
  strategies: readonly StrategyUnderTest[] = [strategyOn(store)],
): void {
  overStrategies((strategy) => {
    let app: AuthTestApp;
    const seen = new Map<Held, Set<Fate>>();
    beforeAll(async () => {
      app = await bootService({ ...OPTIONS, authStrategies: [strategy, 'api-key'], sessionStore: store });
    });
    afterAll(() => app.close());

    const due = HALVES[half].map((happening: Happening) => ({
      ...happening,
      confirmsFirst: (HAPPENINGS.indexOf(happening) % 2 === 0) === (strategy === 'jwt'),
    }));
    it.each(due.filter(({ onlyBy }) => !onlyBy || onlyBy === strategy))(
      '$event, $how, ends what the table says and nothing else',
      async (happening) => {
        const holder = await Holder.of(app, happening);
        const fates = await new Trials(holder, await happening.happen(holder), strategy, happening.confirmsFirst).all();
        const wanted = expectedFates(happening);
        for (const [held, fate] of Object.entries(fates)) {
          const all = seen.get(held as Held) ?? new Set();
          seen.set(held as Held, all.add(fate));
        }
        expect(withoutUntried(fates, wanted)).toEqual(wanted);
      },
    );

    it('no event is judged by a trial that cannot fail: each thing was seen to live and to end', () => {
      for (const held of Object.keys(HELD) as Held[]) {
        const all = seen.get(held) ?? new Set();
        expect([held, all.has('lives'), all.has('ends')]).toEqual([held, true, true]);
      }
    });
  }, strategies);
}
