import { Injectable } from '@nestjs/common';
import type { HttpExchange } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { Options } from '../config/options.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { Reauthentication } from '../login/reauthentication.js';
import { AccountSecurity } from '../security/account-security.js';
import { SecurityNotices } from '../security/security-notices.js';
import { Administrators } from '../users/administrators.js';
import { UserStore } from '../users/user.store.js';
import { profileOptions } from './profile-options.js';

/** Lets users go, with all that was theirs (the holdings, in `security/`). */
@Injectable()
export class UserDeletionService {
  private readonly freshSeconds: number;

  constructor(
    private readonly users: UserStore,
    private readonly administrators: Administrators,
    private readonly reauthentication: Reauthentication,
    private readonly security: AccountSecurity,
    private readonly notices: SecurityNotices,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.freshSeconds = options.of(profileOptions).userDeletionFreshSeconds;
  }

  /**
   * Deletes the caller. The audit keeps ids only; the address is free again.
   *
   * @param password absent: the login or step-up must be a fresh one
   * @throws AuthError `invalid_credentials`, `step_up_required`; `conflict` for the last administrator
   */
  async delete(auth: AuthContext, password: string | undefined, exchange: HttpExchange): Promise<void> {
    if (password === undefined) this.assertFresh(auth);
    else await this.reauthentication.byPassword(auth, password, exchange);
    const ifGone = new AuthError('session_ended', { reason: 'user_deleted' });
    const { id: userId } = auth.user;
    const params = { userId, origin: originOf(exchange.request), exceptSessionId: auth.session.id, ifGone };
    await this.security.apply('deleted', params, async (user, tx) => {
      await this.administrators.assertDispensable(user, tx);
      await this.notices.send('user-deleted', user, { at: this.clock.now().toISOString() }, tx);
      await this.users.delete(user.id, tx);
    });
  }

  private assertFresh({ session }: AuthContext): void {
    const age = (this.clock.now().getTime() - session.authenticatedAt.getTime()) / 1000;
    if (age < this.freshSeconds) return;
    const stepUp = { maxAgeSeconds: this.freshSeconds, amr: ['pwd'] };
    throw new AuthError('step_up_required', { reason: 'login_too_old', stepUp });
  }
}
