import { PAGE_POLICY } from '../../pages/page-headers.js';

/**
 * The policy of a page whose form ends at a client: browsers hold every redirect after a form against it.
 *
 * @param sources of `redirectTarget`; null for none
 */
export function policyWithForms(...sources: readonly (string | null | undefined)[]): string {
  const named = sources.filter((source) => typeof source === 'string');
  return PAGE_POLICY.replace("form-action 'self'", ["form-action 'self'", ...new Set(named)].join(' '));
}
