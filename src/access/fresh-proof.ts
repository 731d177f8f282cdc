import type { AuthContext } from '../kernel/auth-context.js';

/**
 * What a user who changes or creates credentials must have proven a moment ago: as much as a login takes. A password and a stolen session
 * would otherwise be enough to get round the owner's second factor. The login feature provides it.
 */
export abstract class FreshProof {
  /**
   * @param maxAgeSeconds default: `STEP_UP_SECONDS`
   * @throws AuthError `step_up_required`; with `mfa` when the user has a second factor
   */
  abstract assert(auth: AuthContext, maxAgeSeconds?: number): Promise<void>;
}
