import { Injectable } from '@nestjs/common';
import { AuthError } from '../../kernel/auth-error.js';
import { Catalogue } from '../../languages/catalogue.js';
import type { Factor } from '../factor.js';
import { Factors } from '../factors.js';
import type { FactorRequest } from '../reauthentication.js';

/** A factor as a form asks for it. */
export interface ProofWay {
  /** Of the factor. */
  readonly name: string;
  /** Word of the button or link that chooses it. */
  readonly choose: string;
  /** Word of the field for its code. */
  readonly code: string;
  /** Word of what to do; null: nothing needs to be said. */
  readonly hint: string | null;
  /** The keyboard for a code: `numeric` or `text`. */
  readonly inputMode: string;
  /** Module that makes the proof; null: a code is typed. */
  readonly module: string | null;
}

/** A form's fields, all of them text. */
export interface ProofForm {
  readonly factor: string;
  readonly code?: string | undefined;
  /** JSON. */
  readonly credential?: string | undefined;
}

/** Which proofs a page can ask for, and how they come back in a form. */
@Injectable()
export class ProofFields {
  constructor(
    private readonly factors: Factors,
    private readonly catalogue: Catalogue,
  ) {}

  /** Those of these factors that there are: what everyone can use first, backups last. */
  waysOf(names: readonly string[]): ProofWay[] {
    const known = this.factors.all.filter(({ name }) => names.includes(name));
    const order = (factor: Factor) => (factor.isBackup ? 2 : factor.pageModule === null ? 0 : 1);
    return known.sort((one, other) => order(one) - order(other)).map((factor) => this.wayOf(factor));
  }

  /** @throws AuthError `validation_failed` for a credential that is no object */
  proofOf({ factor, code, credential }: ProofForm): FactorRequest {
    return { factor, ...(code !== undefined && { code }), ...(credential && { credential: objectIn(credential) }) };
  }

  /** A factor of an application may have no words of its own. */
  private wayOf({ name, pageModule, hasNumericCodes }: Factor): ProofWay {
    const word = (kind: string) => (this.catalogue.has(`${name}.${kind}`) ? `${name}.${kind}` : `factor.${kind}`);
    const hint = this.catalogue.has(`${name}.hint`) ? `${name}.hint` : null;
    const inputMode = hasNumericCodes ? 'numeric' : 'text';
    return { name, choose: word('choose'), code: word('code'), hint, inputMode, module: pageModule };
  }
}

function objectIn(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as anything else that is no object.
  }
  const errors = [{ field: 'credential', rule: 'isObject', message: 'credential must be a JSON object' }];
  throw new AuthError('validation_failed', { reason: 'credential_is_no_object', errors });
}
