import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';

/** Labels of a COSE_Key, RFC 9052 §7 and RFC 8230 §4. */
const LABELS = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const;
const LEAST_RSA_BITS = 2048;

type Label = keyof typeof LABELS;

/** Whether a COSE_Key, encoded, is a public key of an algorithm that we offer, by which signatures can be verified. */
export function isUsablePublicKey(encoded: Uint8Array): boolean {
  try {
    const jwk = jwkOf(decodeCredentialPublicKey(new Uint8Array(encoded)) as unknown as Map<number, unknown>);
    if (!jwk) return false;
    // It refuses points that are on no curve.
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return jwk.kty !== 'RSA' || (key.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  } catch {
    return false;
  }
}

function jwkOf(parameters: Map<number, unknown>): JsonWebKey | null {
  const bytes = (label: Label) => Buffer.from(parameters.get(LABELS[label]) as Uint8Array).toString('base64url');
  const is = (label: Label, value: number) => parameters.get(LABELS[label]) === value;
  if (is('kty', 2) && is('alg', -7) && is('crv', 1)) return { kty: 'EC', crv: 'P-256', x: bytes('x'), y: bytes('y') };
  if (is('kty', 1) && is('alg', -8) && is('crv', 6)) return { kty: 'OKP', crv: 'Ed25519', x: bytes('x') };
  if (is('kty', 3) && is('alg', -257)) return { kty: 'RSA', n: bytes('n'), e: bytes('e') };
  return null;
}
