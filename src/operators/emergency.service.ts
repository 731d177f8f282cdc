import { Injectable } from '@nestjs/common';
import { AccountSecurity } from '../security/account-security.js';
import type { Operator } from './operator.js';

/** For the day when nobody knows who holds what. */
@Injectable()
export class EmergencyService {
  constructor(private readonly security: AccountSecurity) {}

  /**
   * Ends every session of everybody, the operator's own too, and all else that the table of security events says. The work does not
   * depend on their number; returns when no node accepts any of them.
   */
  revokeAll(by: Operator): Promise<void> {
    return this.security.revokeEverybody(by);
  }
}
