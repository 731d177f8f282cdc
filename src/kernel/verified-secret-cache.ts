import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { secretMatches } from './secret-token.js';

/** Some 250 bytes each. */
const CAPACITY = 4_000;

/**
 * Secrets whose SHA-256 was found to be the stored one, so that it is computed once a session and not once a request. It says
 * nothing about whether what they open is still open. Only a caller that knows a secret gets one in, so no other can drive them out.
 */
export class VerifiedSecretCache {
  /** By hash. Made at the first secret: its room is allocated at once. */
  private verified: LRUCache<string, Buffer> | undefined;

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.verified?.size ?? 0;
  }

  /** Whether `secret` is the one behind `secretHash`, in constant time. A null hash matches nothing. */
  matches(secret: string, secretHash: string | null): boolean {
    if (secretHash === null) return false;
    const known = this.verified?.get(secretHash);
    if (known !== undefined && isSame(secret, known)) return true;
    if (!secretMatches(secret, secretHash)) return false;
    this.verified ??= new LRUCache({ max: this.capacity });
    this.verified.set(secretHash, Buffer.from(secret, 'latin1'));
    return true;
  }
}

/** One of the length that all our secrets have is compared at every request; nothing happens between writing and comparing. */
const GIVEN = Buffer.alloc(43);

function isSame(secret: string, known: Buffer): boolean {
  if (secret.length !== GIVEN.length || known.length !== GIVEN.length) return false;
  GIVEN.write(secret, 'latin1');
  return timingSafeEqual(GIVEN, known);
}
