import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../database/lost-races.js';
import { AuthError } from '../kernel/auth-error.js';
import { Revocations } from '../revocation/revocations.js';
import { UserStore } from '../users/user.store.js';

/**
 * Tells Coatcheck that the claims of a user have changed.
 *
 * @example
 * await userClaims.changed(user.id, (tx) => tx.update(Membership, { userId: user.id }, { tenant }));
 */
@Injectable()
export class UserClaims {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
  ) {}

  /**
   * Moves the user's `revision`, in one transaction with `change`. When it returns, no node accepts an access token that was signed before
   * (401 `token_expired`, and the refresh brings the new claims), nor answers a cookie session by its old claims. No user is logged out.
   *
   * @param change what makes them change, if it is in the same database; called again when the transaction lost a race
   * @throws AuthError `not_found` when there is no such user
   * @throws whatever `change` throws; nothing has changed then
   */
  async changed(userId: string, change?: (tx: EntityManager) => Promise<unknown>): Promise<void> {
    await transactionAfterLostRaces(this.dataSource, async (tx) => {
      // Locked, or a change of roles at the same moment would be written over.
      const user = await this.users.find(userId, tx);
      if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
      await change?.(tx);
      await this.audit.record({ type: 'user.claims_changed', userId }, tx);
      await this.users.update(userId, { roles: user.roles }, tx);
    });
    await this.revocations.settle([{ subject: `user:${userId}`, kind: 'changed' }]);
  }
}
