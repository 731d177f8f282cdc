import { createHash, timingSafeEqual } from 'node:crypto';
import { argon2Hash } from './argon2.hash.js';
import { bcryptHash } from './bcrypt.hash.js';
import type { ForeignHash, ForeignHashCheck } from './foreign-hash.js';

const SALTED = /^\{SSHA(|256|384|512)\}([A-Za-z0-9+/]+={0,2})$/i;
const DIGESTS: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  '': { name: 'sha1', bytes: 20 },
  '256': { name: 'sha256', bytes: 32 },
  '384': { name: 'sha384', bytes: 48 },
  '512': { name: 'sha512', bytes: 64 },
};
const DELEGATED = /^\{(bcrypt|argon2|CRYPT)\}(\$.+)$/;
const PEPPERED = /^\{pepper\}(\$2.+)$/;

/** Hashes whose form is named in braces: LDAP's `{SSHA…}` and `{CRYPT}`, Spring Security's `{bcrypt}` and `{argon2}`. */
export const prefixedHash: ForeignHash = {
  name: 'prefixed',
  parseHash(hash) {
    const [, form, inner] = DELEGATED.exec(hash) ?? [];
    if (inner === undefined) return readSalted(hash);
    return form === 'argon2' ? argon2Hash.parseHash(inner) : bcryptHash.parseHash(inner);
  },
};

/**
 * bcrypt of the password with a secret text behind it, as Devise has it (`config.pepper`). Such hashes are imported as `{pepper}$2a$…`:
 * nothing else tells them from others.
 */
export function pepperedBcryptHash(pepper: string): ForeignHash {
  return {
    name: 'bcrypt-with-pepper',
    parseHash(hash) {
      const [, inner] = PEPPERED.exec(hash) ?? [];
      const check = inner === undefined ? null : bcryptHash.parseHash(inner);
      return check && ((password) => check(password + pepper));
    },
  };
}

function readSalted(hash: string): ForeignHashCheck | null {
  const [, size, text] = SALTED.exec(hash) ?? [];
  const digest = size === undefined ? undefined : DIGESTS[size];
  if (!digest) return null;
  const bytes = Buffer.from(text!, 'base64');
  const [expected, salt] = [bytes.subarray(0, digest.bytes), bytes.subarray(digest.bytes)];
  if (salt.length < 4 || salt.length > 64) return null;
  return async (password) => {
    const found = createHash(digest.name).update(password).update(salt).digest();
    return timingSafeEqual(found, expected);
  };
}
