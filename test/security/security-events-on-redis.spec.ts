import { KINDS_OF_STORE } from '../flows/combinations.js';
import { exerciseSecurityEvents } from './security-events.contract.js';

// A file of its own: as long as that of PostgreSQL, and beside it.
for (const store of KINDS_OF_STORE.filter((kind) => kind === 'redis'))
  describe(`on ${store}`, () => exerciseSecurityEvents(store));
