import type { JsonWebKey } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';

const UTF8 = new TextEncoder();

/** Encrypts a JWK under 32 bytes, for one `kid` and one `alg` only (they are authenticated). Compact JWE, RFC 7516. */
export function wrapKey(jwk: JsonWebKey, bound: { kid: string; alg: string }, key: Buffer): Promise<string> {
  return new CompactEncrypt(UTF8.encode(JSON.stringify({ ...jwk, alg: bound.alg })))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: bound.kid })
    .encrypt(key);
}

/** The JWK again. @throws unless it was wrapped under this key, for this kid and algorithm */
export async function unwrapKey(jwe: string, bound: { kid: string; alg: string }, key: Buffer): Promise<JsonWebKey> {
  const { plaintext } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  const jwk: JsonWebKey = JSON.parse(new TextDecoder().decode(plaintext));
  // Else an attacker who can write the table could let a key sign under another one's name.
  const fits = decodeProtectedHeader(jwe).kid === bound.kid && jwk.alg === bound.alg;
  if (!fits) throw new TypeError('this key was stored under another name or for another algorithm');
  return jwk;
}
