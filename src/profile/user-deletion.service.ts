import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { Options } from '../config/options.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { AccountSecurity } from '../security/account-security.js';
import { SecurityNotifications } from '../security/security-notifications.js';
import { Admins } from '../users/admins.js';
import { UserStore } from '../users/user.store.js';
import { OwnProof } from './own-proof.js';
import { profileOptions } from './profile-options.js';

/** Lets users go, with all that was theirs (the holdings, in `security/`). */
@Injectable()
export class UserDeletionService {
  private readonly freshSeconds: number;

  constructor(
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly proof: OwnProof,
    private readonly security: AccountSecurity,
    private readonly notifications: SecurityNotifications,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.freshSeconds = options.of(profileOptions).userDeletionFreshSeconds;
  }

  /**
   * Deletes the caller. The audit keeps ids only; the address is free again.
   *
   * @param password absent: a fresh step-up is needed, as {@link OwnProof} says
   * @throws AuthError `invalid_credentials`, `step_up_required`; `conflict` for the last admin; `session_ended` when the session has ended
   *   since the proof
   */
  async delete(auth: AuthContext, password: string | undefined, exchange: Exchange): Promise<void> {
    const session = requireSession(auth);
    const given = { password, maxAgeSeconds: this.freshSeconds };
    const epoch = await this.proof.ofPasswordOrStepUp(auth, given, exchange);
    const ifGone = new AuthError('session_ended', { reason: 'user_deleted' });
    const { id: userId } = auth.user;
    const params = { userId, origin: exchange.caller, exceptSessionId: session.id, epoch, ifGone };
    await this.security.apply('deleted', params, async (user, tx) => {
      await this.admins.assertNotLastAdmin(user, tx);
      await this.notifications.send('user-deleted', user, { at: this.clock.now().toISOString() }, tx);
      await this.users.delete(user.id, tx);
    });
  }
}
