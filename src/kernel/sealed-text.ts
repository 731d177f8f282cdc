import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts text so that it can be neither read nor changed without the key: AES-256-GCM, as base64url of `<iv><ciphertext><tag>`. Looks
 * different each time.
 *
 * @param key 32 bytes
 * @param bound what it is for, e.g. whose; it opens for nothing else
 */
export function seal(text: string, key: Buffer, bound: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(bound));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** The text again; null for whatever was not sealed by this key for the same. */
export function unseal(sealed: string, key: Buffer, bound: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(bound))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}

/** {@link unseal} by the first of these keys that opens it. */
export function unsealByAny(sealed: string, keys: readonly Buffer[], bound: string): string | null {
  for (const key of keys) {
    const text = unseal(sealed, key, bound);
    if (text !== null) return text;
  }
  return null;
}
