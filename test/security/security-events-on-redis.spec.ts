import { isInstalled } from '../servers-of-this-run.js';
import { exerciseSecurityEvents } from './security-events.contract.js';

// A file of its own: as long as that of PostgreSQL, and beside it.
(isInstalled('redis-server') ? describe : describe.skip)('on redis', () => exerciseSecurityEvents('redis'));
