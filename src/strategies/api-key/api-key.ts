import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashSecret } from '../../kernel/secret-token.js';

/**
 * The pattern of a key, for scanners of secrets: `cck_`, 32 hexadecimal digits that find it, `_`, 43 characters that prove it,
 * and 6 of a checksum. The checksum is the CRC-32 (as of zip) of all before it, in base 62 with the digits `0-9A-Za-z`.
 */
export const API_KEY_PATTERN = /^cck_[0-9a-f]{32}_[0-9A-Za-z]{49}$/;

/** Begins every key, so that a bearer token is known for one at sight. */
export const API_KEY_PREFIX = 'cck_';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is more than 2^256. */
const SECRET_CHARACTERS = 43;
const CHECKSUM_CHARACTERS = 6;
const LENGTH = 86;
const SECRET_AT = 37;
const CHECKSUM_AT = LENGTH - CHECKSUM_CHARACTERS;

/** A key as it was sent; whether there is such a one has not been checked. */
export interface ApiKeyParts {
  /** UUID of the row. */
  readonly id: string;
  readonly secret: string;
}

/** A key just made, and the only thing of it that may be stored. */
export interface MintedApiKey {
  /** The key for its holder, shown once. */
  readonly apiKey: string;
  readonly secretHash: string;
}

/** Makes the key of the row `id`, a UUID. */
export function mintApiKey(id: string): MintedApiKey {
  const secret = randomDigits(SECRET_CHARACTERS);
  const body = `${apiKeyPrefix(id)}_${secret}`;
  return { apiKey: body + checksumOf(body), secretHash: hashSecret(secret) };
}

/** The part of a key that may be shown: it tells keys apart and grants nothing. */
export function apiKeyPrefix(id: string): string {
  return API_KEY_PREFIX + id.replaceAll('-', '');
}

/** Null for whatever we have never minted, or was mistyped: no store is asked for it. */
export function parseApiKey(text: string): ApiKeyParts | null {
  if (text.length !== LENGTH || !API_KEY_PATTERN.test(text)) return null;
  if (checksumOf(text.slice(0, CHECKSUM_AT)) !== text.slice(CHECKSUM_AT)) return null;
  const id = `${text.slice(4, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20, 24)}-${text.slice(24, 36)}`;
  return { id, secret: text.slice(SECRET_AT, CHECKSUM_AT) };
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < CHECKSUM_CHARACTERS; place += 1) {
    text = DIGITS[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function randomDigits(count: number): string {
  let text = '';
  while (text.length < count) {
    for (const byte of randomBytes(count)) {
      // 248 is the last multiple of 62: beyond, some digits would be likelier than others.
      if (byte < 248 && text.length < count) text += DIGITS[byte % 62];
    }
  }
  return text;
}
