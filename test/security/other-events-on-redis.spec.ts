import { isInstalled } from '../servers-of-this-run.js';
import { exerciseSecurityEvents } from './security-events.contract.js';

(isInstalled('redis-server') ? describe : describe.skip)('on redis', () => exerciseSecurityEvents('redis', 'others'));
