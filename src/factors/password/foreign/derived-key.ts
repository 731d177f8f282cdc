import { type BinaryLike, pbkdf2, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const pbkdf2Of = promisify(pbkdf2);
const scryptOf = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Buffer>(scrypt);

/** Of one block or of all together. No system uses more; a row that asks for it would make each of its logins a denial of service. */
const MOST_ITERATIONS = 5_000_000;
/** Of a key that is longer than the digest each block takes all iterations anew: RFC 8018 §5.2. */
const DIGEST_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };
const MOST_MEMORY_BYTES = 256 * 1024 * 1024;
/** Bytes that scrypt mixes, lane by lane: as much as it may hold at once, some seconds of a core. */
const MOST_MIXED_BYTES = MOST_MEMORY_BYTES;
const LEAST_KEY_BYTES = 16;
const MOST_KEY_BYTES = 128;

/** A salted key, and how it was derived. */
export interface DerivedKey {
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** Null unless the work is one that a login may take. */
export function pbkdf2Check(digest: string, iterations: number, { salt, key }: DerivedKey) {
  const blocks = Math.ceil(key.length / DIGEST_BYTES[digest]!);
  if (!isKey(key) || !isCount(iterations, MOST_ITERATIONS) || iterations * blocks > MOST_ITERATIONS) return null;
  return async (password: string) =>
    timingSafeEqual(await pbkdf2Of(password, salt, iterations, key.length, digest), key);
}

/** scrypt's parameters, RFC 7914 §2. */
export interface ScryptWork {
  /** A power of two. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** Null unless the work is one that a login may take. */
export function scryptCheck(work: ScryptWork, { salt, key }: DerivedKey) {
  const derive = scryptKey(work);
  if (!isKey(key) || !derive) return null;
  return async (password: string) => timingSafeEqual(await derive(password, salt, key.length), key);
}

/** Null unless the work is one that a login may take. */
export function scryptKey({ cost, blockSize, parallelization }: ScryptWork) {
  const memory = 128 * blockSize * (cost + parallelization + 2);
  const mixed = 128 * blockSize * cost * parallelization;
  const isPossible =
    isCount(cost, 2 ** 24) &&
    cost > 1 &&
    Number.isInteger(Math.log2(cost)) &&
    isCount(blockSize, 64) &&
    isCount(parallelization, 16);
  if (!isPossible || memory > MOST_MEMORY_BYTES || mixed > MOST_MIXED_BYTES) return null;
  return (password: BinaryLike, salt: BinaryLike, keyBytes: number): Promise<Buffer> =>
    scryptOf(password, salt, keyBytes, { cost, blockSize, parallelization, maxmem: MOST_MEMORY_BYTES * 2 });
}

/** Base64, also the form without padding and with `.` for `+` that Python's passlib writes. */
export function fromBase64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}

function isKey({ length }: Buffer): boolean {
  return length >= LEAST_KEY_BYTES && length <= MOST_KEY_BYTES;
}

function isCount(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most;
}
