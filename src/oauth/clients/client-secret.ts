import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../kernel/secret-token.js';

/** A secret just made, and the only thing of it that may be stored. */
export interface MintedSecret {
  readonly secret: string;
  readonly secretHash: string;
}

/** 256 random bits, base64url: nothing in it needs escaping in a form or a header. */
export function mintClientSecret(): MintedSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, secretHash: hashSecret(secret) };
}
