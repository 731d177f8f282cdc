import { exerciseSecurityEvents } from '../../security/security-events.contract.js';

describe('on PostgreSQL', () => exerciseSecurityEvents('postgres', 'mailboxAndPassword'));
