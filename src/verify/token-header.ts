import { base64url } from '../keys/jwt-encoding.js';

/** What a token is by its first part. */
export interface TokenHeader {
  readonly alg: TokenAlgorithm;
  readonly kid: string;
  /** `session`: of a user who logged in. `oauth`: of a client. */
  readonly kind: 'session' | 'oauth';
}

/** All that the service signs with and publishes keys of. `none` and HMAC are no algorithms here. */
export const TOKEN_ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

const MAX_CHARACTERS = 512;
/** Headers remembered: there are as many as keys, and what strangers invent. */
const REMEMBERED = 64;
const KID = /^[A-Za-z0-9._~-]{1,128}$/;

const known = new Map<string, TokenHeader | null>();

/**
 * Null unless it is, byte for byte, a header that the service writes: so there is no `jwk`, `jku`, `x5u`, `crit` or `b64` to obey, and no
 * other type than that of access tokens (RFC 9068 §2.1, RFC 8725 §3.11).
 */
export function headerIn(token: string): TokenHeader | null {
  const dot = token.indexOf('.');
  if (dot <= 0 || dot > MAX_CHARACTERS) return null;
  const text = token.slice(0, dot);
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const read = headerOf(text);
  if (known.size >= REMEMBERED) known.clear();
  known.set(text, read);
  return read;
}

function headerOf(text: string): TokenHeader | null {
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { alg, kid } = header ?? {};
  if (!isAlgorithm(alg) || typeof kid !== 'string' || !KID.test(kid)) return null;
  const written = { alg, typ: 'at+jwt', kid };
  if (base64url(JSON.stringify(written)) === text) return { alg, kid, kind: 'session' };
  return base64url(JSON.stringify({ ...written, cck: 'grant' })) === text ? { alg, kid, kind: 'oauth' } : null;
}

function isAlgorithm(value: unknown): value is TokenAlgorithm {
  return (TOKEN_ALGORITHMS as readonly unknown[]).includes(value);
}
