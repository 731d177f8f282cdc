import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import { PrescribedLogins } from '../credentials/prescribed-logins.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { isBanned, type UserRecord } from '../users/user.store.js';
import { usersOptions } from '../users/users-options.js';

/** Whether a caller that has proven to be a user may log in at all. Every login asks, before it starts a session or waits for its next factor. */
@Injectable()
export class LoginEligibility {
  private readonly verificationRequired: boolean;

  constructor(
    private readonly prescribed: PrescribedLogins,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.verificationRequired = options.of(usersOptions).emailVerification === 'required';
  }

  /**
   * Ask only after a right proof: the answer tells something about the user.
   *
   * @throws AuthError `user_banned`, `email_unverified`; `invalid_credentials` for a service user
   */
  assertMayLogIn(user: UserRecord): void {
    if (user.kind !== 'person') throw new AuthError('invalid_credentials', { reason: 'service_user_logs_in' });
    if (isBanned(user, this.clock.now())) throw new AuthError('user_banned', { reason: 'user_banned' });
    if (this.verificationRequired && !user.emailVerifiedAt) {
      throw new AuthError('email_unverified', { reason: 'email_unverified' });
    }
  }

  /**
   * Ask only after a right proof, and before {@link assertMayLogIn}, which tells more.
   *
   * @param factor the first that was proven
   * @throws AuthError `invalid_credentials` where another login is prescribed
   */
  async assertMayBeginBy(factor: string, user: UserRecord): Promise<void> {
    const prescribed = user.email === null ? null : await this.prescribed.loginFor(user.email, user);
    if (prescribed === null || prescribed.factor === factor) return;
    throw new AuthError('invalid_credentials', { reason: 'login_prescribed', userId: user.id });
  }
}
