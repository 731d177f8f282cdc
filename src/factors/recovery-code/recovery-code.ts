import { hash, randomBytes } from 'node:crypto';

/** Crockford's base32: no I, L, O or U, which are read as something else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CHARACTERS = 16;
const SHAPE = /^[0-9a-hjkmnp-tv-z]{16}$/;

/** A new code: 80 random bits, as `q7zk-3m9d-x2rt-8wvh`. */
export function newRecoveryCode(): string {
  const text = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % 32]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

/** The stored form of a code: SHA-256, bound to its user. Null for a text that cannot be a code. Dashes, spaces and case do not count. */
export function recoveryCodeHash(typed: string, userId: string): string | null {
  const plain = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
  return SHAPE.test(plain) ? hash('sha256', `${userId}:${plain}`, 'base64url') : null;
}
