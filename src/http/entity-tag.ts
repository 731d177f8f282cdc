import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../edge/edge.js';

/** The header `If-None-Match` of the request, unchecked; undefined when there is none. The API document leaves it out, for no client must send it. */
export const IfNoneMatch = createParamDecorator((_data: unknown, context: ExecutionContext): string | undefined => {
  return requestOf(context).headers['if-none-match'];
});

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
