import { STORES } from '../../flows/combinations.js';
import { exerciseTrunk } from '../../flows/trunk.contract.js';

const caches = STORES.filter((store) => store !== 'postgres' && store !== 'memory');
if (caches.length > 0) exerciseTrunk(caches);
else describe.skip('on a cache', () => exerciseTrunk(['redis', 'redis-cluster', 'memcached']));
