import type { HttpRequest } from '../access/http-exchange.js';
import type { UserRecord } from '../users/user.store.js';

/**
 * One way a person proves who they are. A new one is a folder under `factors/` exporting a `Room` that lists its class
 * under `factors`.
 */
export abstract class Factor {
  abstract readonly name: string;

  /** What a proof adds to the session's `amr`, RFC 8176 §2. */
  abstract readonly amr: readonly string[];

  /**
   * The e-mail address the caller claims to have, as typed; attempts are counted, and locked, by it. The default: none, as with
   * a proof that itself says whose it is.
   */
  claimedEmail(_request: HttpRequest): string | null {
    return null;
  }

  /**
   * Judges the proof in the request's body, which has been validated. Whether the user may log in at all (verified,
   * banned) is *not* checked here.
   *
   * @param isLocked whether too many proofs for this address were wrong: then none is right, at the cost of a true check
   * @throws AuthError `invalid_credentials`, whatever the cause and always at the cost of a true check
   * @throws AuthError `unavailable` when the check cannot be made now
   */
  abstract prove(request: HttpRequest, isLocked?: boolean): Promise<UserRecord>;
}

/** DI token of all factors. */
export const FACTORS = Symbol('coatcheck.factors');
