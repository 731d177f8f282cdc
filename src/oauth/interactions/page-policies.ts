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

/**
 * Of replies that the library writes itself: forms that a script of its own sends on. It adds the hash of that script, if there is a
 * `script-src`; and what the script does is not known to Trusted Types.
 */
export function policyOfSelfSentForms(source: string | null | undefined): string {
  return policyWithForms(source)
    .split('; ')
    .filter((directive) => !/^(require-trusted-types-for|trusted-types) /.test(directive))
    .map((directive) => (directive.startsWith('script-src ') ? "script-src 'report-sample'" : directive))
    .join('; ');
}
