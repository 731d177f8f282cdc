import { overStores, STORES, STRATEGIES, strategyOn } from '../../flows/combinations.js';
import { HALVES } from '../../security/happenings.js';
import { exerciseSecurityEvents } from '../../security/security-events.contract.js';

/** What `npm test` leaves out: there PostgreSQL and Redis have one strategy each. */
overStores(
  (store) => {
    const isInSuite = store === 'postgres' || store === 'redis';
    const strategies = STRATEGIES.filter((strategy) => !isInSuite || strategy !== strategyOn(store));
    for (const half of Object.keys(HALVES) as (keyof typeof HALVES)[])
      describe(`with events of the half ${half}`, () => exerciseSecurityEvents(store, half, strategies));
  },
  STORES.filter((store) => store !== 'redis-cluster'),
);
