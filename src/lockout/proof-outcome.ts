import { toAuthError } from '../http/problem-details.filter.js';
import { AuthError, type ProofOutcome } from '../kernel/auth-error.js';

/**
 * The outcome of a proof whose check threw this. Counted is what happened, never which code is answered: a thrown error says
 * it itself, and whatever says nothing was a wrong proof, unless the server could not look (5xx) or there was none to look at.
 */
export function proofOutcomeOf(error: unknown): ProofOutcome {
  const said = error instanceof AuthError ? error.proof : undefined;
  if (said !== undefined) return said;
  return toAuthError(error).status >= 500 || isWithoutProof(error) ? 'unjudged' : 'wrong';
}

/** Whether the server could not answer, whatever the proof was: of no use to an admin who looks for refused users in the audit. */
export function isNotServed(error: unknown): boolean {
  return toAuthError(error).status >= 500 && proofOutcomeOf(error) !== 'wrong';
}

/**
 * Whether what was sent is no proof of its factor, which its class found before anything was looked at. No user was tried by it, so it uses
 * up no attempt; and what no limit bounds is not written down either.
 */
export function isWithoutProof(error: unknown): boolean {
  return toAuthError(error).code === 'validation_failed';
}
