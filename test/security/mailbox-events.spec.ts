import { exerciseSecurityEvents } from './security-events.contract.js';

describe('on PostgreSQL', () => exerciseSecurityEvents('postgres', 'mailboxAndPassword'));
