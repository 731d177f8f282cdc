import { Injectable } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { isAdministrator } from '../security/administrator-alerts.js';
import type { UserRecord } from '../users/user.store.js';

/** Whom a power reaches. */
export interface Reach {
  /** Whether it stops short of administrators. Default: no. */
  readonly sparesAdministrators?: boolean | undefined;
}

const SPARED = 'target_is_administrator';

/** What an admin may do to anybody, but to another administrator by a fresh proof only: a stolen session is not to shut the others out. */
@Injectable()
export class PowersOverAdministrators {
  constructor(private readonly freshProof: FreshProof) {}

  /**
   * Exercises a power on somebody, and only if it proves to be an administrator asks for the proof: it is told by the transaction that
   * has locked the user, at no cost to any other.
   *
   * @param exercise asks {@link assertReaches} in its transaction
   * @throws AuthError `step_up_required`; whatever `exercise` throws
   */
  async exercise(auth: AuthContext, exercise: (reach: Reach) => Promise<void>): Promise<void> {
    try {
      await exercise({ sparesAdministrators: true });
    } catch (error) {
      if (!(error instanceof AuthError) || error.reason !== SPARED) throw error;
      await this.freshProof.assert(auth);
      await exercise({ sparesAdministrators: false });
    }
  }
}

/** @throws AuthError `forbidden` for an administrator who is spared */
export function assertReaches({ sparesAdministrators }: Reach, user: Pick<UserRecord, 'kind' | 'roles'>): void {
  if (sparesAdministrators && isAdministrator(user)) throw new AuthError('forbidden', { reason: SPARED });
}
