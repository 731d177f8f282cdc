import { base64url } from '../../keys/jwt-encoding.js';
import type { SigningKey } from '../../keys/signing-keys.js';

/** Private header member (RFC 7515 §4.3) of every token for a client: the tokens of `jwt`, signed by the same keys, have none. */
export const HEADER_FIELDS = Object.freeze({ cck: 'grant' });

/** Longer is no header of ours, whatever the name of its key. */
const MAX_CHARACTERS = 512;
/** Headers remembered: there are as many as keys, and what strangers invent. */
const REMEMBERED = 64;

/** The name of a key in a header: a thumbprint, or random bits, in base64url. */
const THUMBPRINT = /^[A-Za-z0-9_-]{22,43}$/;

/** The first part of every token for a client by this key, byte for byte as the library writes it. RFC 9068 §2.1. */
export function headerOf({ algorithm, kid }: Pick<SigningKey, 'algorithm' | 'kid'>): string {
  return base64url(JSON.stringify({ alg: algorithm, typ: 'at+jwt', kid, ...HEADER_FIELDS }));
}

/** Of this key, or none that we could have written. */
function keyIn(header: string): Pick<SigningKey, 'algorithm' | 'kid'> | null {
  try {
    const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const key = { algorithm: alg, kid };
    return typeof alg === 'string' && typeof kid === 'string' && headerOf(key) === header ? key : null;
  } catch {
    return null;
  }
}

const shapes = new Map<string, boolean>();
/** Nearly every token has the header of the one before, with its dot: to compare it costs less than to look it up. */
let latest = '';

/**
 * Whether the text is of our form, by its header alone: so that its strategy is asked, and no other. Says nothing of its signature,
 * nor of its key.
 */
export function isOAuthTokenShaped(token: string): boolean {
  // Not `startsWith`, which takes ten times as long for as many characters.
  if (latest !== '' && token.slice(0, latest.length) === latest) return true;
  const dot = token.indexOf('.');
  if (dot <= 0 || dot > MAX_CHARACTERS) return false;
  const header = token.slice(0, dot);
  const isOurs = shapes.get(header) ?? keyIn(header) !== null;
  if (isOurs) latest = token.slice(0, dot + 1);
  if (!shapes.has(header) && shapes.size >= REMEMBERED) shapes.clear();
  shapes.set(header, isOurs);
  return isOurs;
}

/** Whether a key of this header is one that another node may have made: by the form of its name. */
export function isOfNamedKey(header: string): boolean {
  const kid = header.length > MAX_CHARACTERS ? undefined : keyIn(header)?.kid;
  return kid !== undefined && THUMBPRINT.test(kid);
}
