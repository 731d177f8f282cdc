import type { VerifiedAuth } from './verified-auth.js';
import type { VerifyRequest } from './verify-request.js';
import type { VerifyRule } from './verify-rule.js';

/** Lets requests in, or not. */
export interface Admission {
  /**
   * Returns the caller, if the rule lets them in; null where a ticket is optional and there is none.
   *
   * @throws VerifyError (or rejects with it)
   */
  admit(request: VerifyRequest, rule: VerifyRule): VerifiedAuth | null | Promise<VerifiedAuth | null>;
}
