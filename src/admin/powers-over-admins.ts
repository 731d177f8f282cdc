import { Injectable } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { isAdmin } from '../security/admin-alerts.js';
import type { UserRecord } from '../users/user.store.js';

/** Whom a power reaches. */
export interface Reach {
  /** Whether it stops short of admins. Default: no. */
  readonly sparesAdmins?: boolean | undefined;
}

const EXCEPT = 'target_is_admin';

/** Allows admins every act on users, but acts on another admin only with a fresh proof: a stolen session must not shut the other admins out. */
@Injectable()
export class PowersOverAdmins {
  constructor(private readonly freshProof: FreshProof) {}

  /**
   * Does something to a user, and requires a fresh proof only if that user proves to be an admin: it is told by the transaction that
   * has locked the user, at no cost to any other.
   *
   * @param exercise asks {@link assertReaches} in its transaction
   * @throws AuthError `step_up_required`; whatever `exercise` throws
   */
  async exercise(auth: AuthContext, exercise: (reach: Reach) => Promise<void>): Promise<void> {
    try {
      await exercise({ sparesAdmins: true });
    } catch (error) {
      if (!(error instanceof AuthError) || error.reason !== EXCEPT) throw error;
      await this.freshProof.assert(auth);
      await exercise({ sparesAdmins: false });
    }
  }
}

/** @throws AuthError `forbidden` for an admin who is exempt */
export function assertReaches({ sparesAdmins }: Reach, user: Pick<UserRecord, 'kind' | 'roles'>): void {
  if (sparesAdmins && isAdmin(user)) throw new AuthError('forbidden', { reason: EXCEPT });
}
