import { Injectable } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import type { Exchange } from '../access/replier.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Enrolments } from './enrolments.js';
import { OwnPassword } from './own-password.js';
import { Reauthentication } from './reauthentication.js';

/** The proof that a user must give before setting a factor up. */
@Injectable()
export class EnrolmentProof {
  constructor(
    private readonly fresh: FreshProof,
    private readonly enrolments: Enrolments,
    private readonly reauthentication: Reauthentication,
    private readonly passwords: OwnPassword,
  ) {}

  /**
   * Before anything of a new factor is shown: the password where it would be the user's first, since a copied session, however fresh,
   * must not lock its owner out; for a user who has no password, a fresh login is enough. Not in a session that is good for enrolling only, which is as old as its password. Otherwise a fresh
   * login or step-up, by a second factor. A password that is given is proven in any case.
   *
   * @throws AuthError `validation_failed` when the password is missing; `invalid_credentials`, `rate_limited`, `step_up_required`
   */
  async toBegin(auth: AuthContext, password: string | undefined, exchange: Exchange): Promise<void> {
    if (await this.isGuarded(auth)) await this.fresh.assert(auth);
    else if (password === undefined) await this.withoutPassword(auth);
    if (password !== undefined) await this.reauthentication.byPassword(auth, password, exchange);
  }

  /**
   * Before what was begun takes effect. A user without a factor has just proven the password, to see what only the beginning shows.
   *
   * @throws AuthError `step_up_required`
   */
  async toFinish(auth: AuthContext): Promise<void> {
    if (await this.isGuarded(auth)) await this.fresh.assert(auth);
  }

  /** A user who logs in elsewhere has none to prove. */
  private async withoutPassword(auth: AuthContext): Promise<void> {
    if (await this.passwords.isOfUse(auth.user)) throw passwordMissing();
    await this.fresh.assert(auth);
  }

  private async isGuarded(auth: AuthContext): Promise<boolean> {
    return requireSession(auth).onlyFor === 'enrolment' || (await this.enrolments.of(auth.user.id)).length > 0;
  }
}

function passwordMissing(): AuthError {
  const message = 'password is required to set up the first second factor';
  const errors = [{ field: 'password', rule: 'isString', message }];
  return new AuthError('validation_failed', { reason: 'first_factor_needs_password', errors });
}
