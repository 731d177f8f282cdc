import { isInstalled } from '../servers-of-this-run.js';
import { exerciseSecurityEvents } from './security-events.contract.js';

const store = isInstalled('redis-server') ? 'redis' : 'postgres';
describe(`on ${store}`, () => exerciseSecurityEvents(store, 'others'));
