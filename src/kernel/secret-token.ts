import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

const ID_CHARACTERS = 36;

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
  if (typeof text !== 'string' || !hasShape(text)) return null;
  return { id: text.slice(0, ID_CHARACTERS), secret: text.slice(ID_CHARACTERS + 1) };
}

const HEX = 1;
const HYPHEN = 2;
const DOT = 4;
const BASE64URL = 8;

/** The kind of character in each place: a UUID, a dot, and a secret. */
const SHAPE = Uint8Array.from(`hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh.${'s'.repeat(43)}`, (place: string) =>
  place === 'h' ? HEX : place === '-' ? HYPHEN : place === '.' ? DOT : BASE64URL,
);

/** The kinds that each character belongs to. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  const isHex = /[0-9a-f]/.test(character) ? HEX : 0;
  const isBase64url = /[A-Za-z0-9_-]/.test(character) ? BASE64URL : 0;
  return isHex | isBase64url | (character === '-' ? HYPHEN : 0) | (character === '.' ? DOT : 0);
});

/** By tables: asked at every request, where one regular expression over all of it takes several times as long. */
function hasShape(text: string): boolean {
  if (text.length !== SHAPE.length) return false;
  for (let i = 0; i < SHAPE.length; i++) {
    // Beyond the table: undefined, which is of no kind.
    if ((KINDS[text.charCodeAt(i)]! & SHAPE[i]!) === 0) return false;
  }
  return true;
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
