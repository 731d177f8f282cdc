import type { AuthContext } from '../kernel/auth-context.js';

/**
 * Requires a recent proof, as strong as a login, before a user changes or creates credentials. A password and a stolen session would
 * otherwise be enough to get round the owner's second factor. `credentials` provides it.
 */
export abstract class FreshProof {
  /**
   * @param maxAgeSeconds default: `STEP_UP_SECONDS`
   * @throws AuthError `step_up_required`; with `mfa` when the user has a second factor
   */
  abstract assert(auth: AuthContext, maxAgeSeconds?: number): Promise<void>;
}
