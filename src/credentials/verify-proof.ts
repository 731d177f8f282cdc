import { StrictValidationPipe } from '../http/validation.pipe.js';
import type { Factor, FactorClaim } from './factor.js';

/** The fields in which a proof of a factor travels: a code, or anything else as an object. Which it takes, the factor says. */
export interface GivenProof {
  readonly code?: string | undefined;
  readonly credential?: Readonly<Record<string, unknown>> | undefined;
}

const validation = new StrictValidationPipe();

/**
 * Validates a proof by the factor's own class, and has the factor check it. Fields that are none of the factor's do not reach it.
 *
 * @throws AuthError `validation_failed` with an error for each field
 * @throws whatever the factor throws
 */
export async function verifyProof(
  factor: Factor,
  { proof, ...claim }: Omit<FactorClaim, 'proof'> & { readonly proof: GivenProof },
): Promise<readonly string[]> {
  return factor.verify({ ...claim, proof: await validatedProof(factor, proof) });
}

/**
 * A proof as the factor's own class has it: fields that are none of the factor's are left out.
 *
 * @throws AuthError `validation_failed` with an error for each field
 */
export function validatedProof(factor: Factor, proof: object): Promise<object> {
  return validation.validated<object>(factor.proofClass, proof);
}
