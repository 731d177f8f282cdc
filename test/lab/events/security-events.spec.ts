import { overStores, STORES, STRATEGIES, strategyOn } from '../../flows/combinations.js';
import { HALVES } from '../../security/happenings.js';
import { exerciseSecurityEvents } from '../../security/security-events.contract.js';

/** What the files beside this leave out: there each event has one store and one strategy. */
const BESIDE: Readonly<Record<keyof typeof HALVES, string>> = { mailboxAndPassword: 'postgres', others: 'redis' };

overStores(
  (store) => {
    for (const half of Object.keys(HALVES) as (keyof typeof HALVES)[]) {
      const others = STRATEGIES.filter((strategy) => BESIDE[half] !== store || strategy !== strategyOn(store));
      describe(`with events of the half ${half}`, () => exerciseSecurityEvents(store, half, others));
    }
  },
  STORES.filter((store) => store !== 'redis-cluster'),
);
