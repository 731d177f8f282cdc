import { createHash } from 'node:crypto';

/** A weak validator of what a reply says: two of the same content have the same. RFC 9110 §8.8.3. */
export function weakTagOf(content: unknown): string {
  return `W/"${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Whether the client has it already.
 *
 * @param ifNoneMatch the header, as it came; undefined: the client has nothing
 * @see RFC 9110 §13.1.2
 */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (one: string) => one.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => opaque(one) === opaque(tag));
}
