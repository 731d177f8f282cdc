import { createPublicKey, type JsonWebKey } from 'node:crypto';

const MOST_KEYS = 20;
const MOST_BYTES = 20_000;
const KINDS = new Set(['RSA', 'EC', 'OKP']);
const LEAST_RSA_BITS = 2_048;
/** PostgreSQL stores neither NUL nor half a character; in JSON both are written as escapes. */
const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;
const SECRET_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The problem of a client's public keys (RFC 7517); null: none. */
export function clientKeysProblem(jwks: unknown, { needCertificates = false } = {}): string | null {
  if (!isObject(jwks) || !Array.isArray(jwks.keys)) return 'must be an object with a list `keys`';
  if (jwks.keys.length === 0 || jwks.keys.length > MOST_KEYS) return `must have 1 to ${MOST_KEYS} keys`;
  const json = JSON.stringify(jwks);
  if (UNSTORABLE.test(json)) return 'must be well-formed text without NUL characters';
  if (Buffer.byteLength(json) > MOST_BYTES) return `must have at most ${MOST_BYTES} bytes`;
  if (needCertificates && jwks.keys.some((key) => !isObject(key) || key.x5c === undefined))
    return 'must have the certificate of each key in its `x5c`';
  return jwks.keys.map(keyProblem).find((problem) => problem !== null) ?? null;
}

function keyProblem(key: unknown): string | null {
  if (!isObject(key) || typeof key.kty !== 'string' || !KINDS.has(key.kty))
    return 'must contain only public keys of the types RSA, EC and OKP';
  if (SECRET_PARTS.some((part) => Object.hasOwn(key, part))) return 'must not contain a private or secret key';
  for (const text of ['kid', 'use', 'alg']) {
    if (key[text] !== undefined && (typeof key[text] !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(key[text])))
      return `must have a text for each \`${text}\``;
  }
  const isChain =
    Array.isArray(key.x5c) && key.x5c.length > 0 && key.x5c.every((one) => typeof one === 'string' && one);
  if (key.x5c !== undefined && !isChain) return 'must have a list of certificates for each `x5c`';
  if (typeof key.alg === 'string' && /^(HS|none$)/.test(key.alg)) return 'must not name a symmetric algorithm';
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    const bits = asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < LEAST_RSA_BITS ? `must have RSA keys of at least ${LEAST_RSA_BITS} bits` : null;
  } catch {
    return 'must contain only keys that can be read';
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
