import { overStores, STORES, STRATEGIES, strategyOn } from '../../flows/combinations.js';
import { HALVES } from '../../security/happenings.js';
import { exerciseSecurityEvents } from '../../security/security-events.contract.js';
import { isLong } from '../harness/form.js';

/** What the files beside this leave out: there each event has one store and one strategy. */
const BESIDE: Readonly<Record<keyof typeof HALVES, string>> = { mailboxAndPassword: 'postgres', others: 'redis' };

/**
 * In short, by which strategy each store is tried: each event meets both strategies and each store, but not each of the one with each of the
 * other. What an event ends hangs on neither; the trunk has their whole product, and so has the long form.
 */
const IN_SHORT = { postgres: 'session', redis: 'jwt', memcached: 'session', memory: 'jwt' } as const;

overStores(
  (store) => {
    for (const half of Object.keys(HALVES) as (keyof typeof HALVES)[]) {
      const strategies = STRATEGIES.filter(
        (strategy) =>
          (isLong || store === 'redis-cluster' || strategy === IN_SHORT[store]) &&
          (BESIDE[half] !== store || strategy !== strategyOn(store)),
      );
      if (strategies.length > 0)
        describe(`with events of the half ${half}`, () => exerciseSecurityEvents(store, half, strategies));
    }
  },
  STORES.filter((store) => store !== 'redis-cluster'),
);
