import { Injectable } from '@nestjs/common';
import { AccountSecurity } from '../security/account-security.js';
import type { AdminActor } from './admin-actor.js';

/** Ends all access of all users, for the day when tickets may be in the wrong hands. */
@Injectable()
export class EmergencyService {
  constructor(private readonly security: AccountSecurity) {}

  /**
   * Ends every session of everyone, the admin's own too, and all else that the table of security events says. The work does not
   * depend on their number; returns when no node accepts any of them.
   */
  revokeAll(by: AdminActor): Promise<void> {
    return this.security.revokeAll(by);
  }
}
