import type { VerifiedAuth } from './verified-auth.js';
import type { VerifyRequest } from './verify-request.js';
import type { VerifyRule } from './verify-rule.js';

/** Lets requests in, or not. */
export interface Admission {
  /**
   * Who is calling, if the rule lets them in; null where it is optional and there is no ticket.
   *
   * @throws VerifyError (or rejects with it)
   */
  admit(request: VerifyRequest, rule: VerifyRule): VerifiedAuth | null | Promise<VerifiedAuth | null>;
}
