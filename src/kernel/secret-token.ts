import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

const ID_CHARACTERS = 36;
/** A UUID, a dot, and a secret. */
const SHAPE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9_-]{43}$/;

/** `<uuid>.<43 characters of base64url>`: a public id that finds one row, and 256 random bits that prove it. */
export interface SecretToken {
  readonly id: string;
  readonly secret: string;
}

/** A new token, with the hash of its secret, which is all that may be stored. */
export interface MintedToken extends SecretToken {
  /** The token for the client, shown once: `<id>.<secret>`. */
  readonly token: string;
  readonly secretHash: string;
}

/** Makes a token for the row `id`; without one, for a new random UUID (version 4). */
export function mintSecretToken(id: string = randomUUID()): MintedToken {
  const secret = randomBytes(32).toString('base64url');
  return { id, secret, token: `${id}.${secret}`, secretHash: hashSecret(secret) };
}

/**
 * Splits what a client sent; null when it has not exactly the shape we mint, so that no store ever sees anything else.
 * Whether the secret is right has not been checked yet.
 */
export function parseSecretToken(text: unknown): SecretToken | null {
  if (typeof text !== 'string' || !SHAPE.test(text)) return null;
  return { id: text.slice(0, ID_CHARACTERS), secret: text.slice(ID_CHARACTERS + 1) };
}

/** SHA-256, base64url (43 characters). Enough for 256 random bits; never for a password. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Two texts of 43 characters are compared at every request; nothing happens between writing and comparing them. */
const GIVEN = Buffer.alloc(43);
const KEPT = Buffer.alloc(43);

/** Whether `secret` is the one behind `secretHash`, in constant time. A null hash matches nothing. */
export function secretMatches(secret: string, secretHash: string | null): boolean {
  if (secretHash === null) return false;
  const given = hashSecret(secret);
  return given.length === secretHash.length && timingSafeEqual(written(given, GIVEN), written(secretHash, KEPT));
}

function written(text: string, into: Buffer): Buffer {
  into.write(text, 'latin1');
  return into;
}
