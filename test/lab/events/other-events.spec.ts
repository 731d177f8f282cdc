import { exerciseSecurityEvents } from '../../security/security-events.contract.js';
import { isInstalled } from '../../servers-of-this-run.js';

const store = isInstalled('redis-server') ? 'redis' : 'postgres';
describe(`on ${store}`, () => exerciseSecurityEvents(store, 'others'));
