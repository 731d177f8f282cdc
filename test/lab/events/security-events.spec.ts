import { overStores, STORES } from '../../flows/combinations.js';
import { HALVES } from '../../security/happenings.js';
import { exerciseSecurityEvents } from '../../security/security-events.contract.js';

/** `npm test` tries them on PostgreSQL and Redis. */
const others = STORES.filter((store) => store === 'memcached' || store === 'memory');

overStores((store) => {
  for (const half of Object.keys(HALVES) as (keyof typeof HALVES)[])
    describe(`with events of the half ${half}`, () => exerciseSecurityEvents(store, half));
}, others);
