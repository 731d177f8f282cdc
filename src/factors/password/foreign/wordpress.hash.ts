import { createHmac, timingSafeEqual } from 'node:crypto';
import { argon2Hash } from './argon2.hash.js';
import { bcryptHash } from './bcrypt.hash.js';
import type { ForeignHash, ForeignHashCheck } from './foreign-hash.js';
import { md5, md5Rounds } from './md5-rounds.js';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const VANILLA = /^\{wordpress\}(\$(?:2[aby]|argon2id?)\$.+)$/;
const PORTABLE = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/;
/** As a power of two. WordPress has 13, phpBB 11; a round is some microseconds. */
const MOST_ROUNDS = 18;
/** Of what WordPress compares. */
const MOST_BYTES = 4096;

/**
 * phpass's portable hashes (`$P$`, phpBB's `$H$`), and WordPress's own from 6.8 on (`$wp$2y$`: bcrypt of an HMAC-SHA-384). A hash of PHP's `password_hash` alone, which
 * WordPress takes too, is imported as `{wordpress}$2y$…`: nothing else tells it from others.
 */
export const wordpressHash: ForeignHash = {
  name: 'wordpress',
  parseHash(hash) {
    if (hash.startsWith('$H$')) return readPortable(hash);
    const check = readPortable(hash) ?? readBcrypt(hash) ?? readVanilla(hash);
    return check && ((password) => isOneOf(asWordpressHashes(password), check));
  },
};

/**
 * What WordPress hashes of a password that was typed: without white space at its ends (as PHP's `trim` has it), and with the slashes that it adds to all that a form sends
 * (`wp_magic_quotes`); without slashes, what WP-CLI and the REST API have set.
 */
function asWordpressHashes(password: string): readonly string[] {
  const trimmed = password.replace(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, '');
  const slashed = trimmed.replace(/['"\\]/g, '\\$&');
  return slashed === trimmed ? [trimmed] : [slashed, trimmed];
}

async function isOneOf(passwords: readonly string[], check: ForeignHashCheck): Promise<boolean> {
  for (const password of passwords) if (await check(password)) return true;
  return false;
}

function readPortable(hash: string): ForeignHashCheck | null {
  const [, exponent, salt, digest] = PORTABLE.exec(hash) ?? [];
  const rounds = ALPHABET.indexOf(exponent ?? '');
  if (digest === undefined || rounds < 7 || rounds > MOST_ROUNDS) return null;
  return async (password) => {
    const bytes = Buffer.from(password);
    if (bytes.length > MOST_BYTES) return false;
    const key = await md5Rounds(md5(Buffer.from(salt!), bytes), bytes, 2 ** rounds);
    return timingSafeEqual(Buffer.from(encoded(key)), Buffer.from(digest));
  };
}

function readBcrypt(hash: string): ForeignHashCheck | null {
  const check = hash.startsWith('$wp$2y$') ? bcryptHash.parseHash(hash.slice(3)) : null;
  return check && ((password) => check(createHmac('sha384', 'wp-sha384').update(password).digest('base64')));
}

function readVanilla(hash: string): ForeignHashCheck | null {
  const [, inner] = VANILLA.exec(hash) ?? [];
  return inner === undefined ? null : (bcryptHash.parseHash(inner) ?? argon2Hash.parseHash(inner));
}

/** Base 64 by phpass's own alphabet, the lowest six bits first. */
function encoded(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.subarray(at, at + 3);
    let bits = group.reduce((sum, byte, i) => sum | (byte << (8 * i)), 0);
    for (let i = 0; i <= group.length; i++) {
      text += ALPHABET[bits & 0x3f];
      bits >>>= 6;
    }
  }
  return text;
}
