import type { IncomingMessage } from 'node:http';
import { decodeProtectedHeader } from 'jose';

const FORM = /^application\/x-www-form-urlencoded(?:\s*;|$)/i;

/** A form whose `token` is a JWT. */
export interface JwtForm {
  readonly jwt: string;
  withToken(token: string): string;
}

/** The form in the body of a request; null for what is none, and for one that has not exactly one token, a JWT. */
export function jwtFormOf({ method, headers }: IncomingMessage, body: Buffer): JwtForm | null {
  if (method !== 'POST' || !FORM.test(headers['content-type'] ?? '')) return null;
  const form = new URLSearchParams(body.toString());
  const [jwt, ...more] = form.getAll('token');
  if (jwt === undefined || more.length > 0 || !isJwt(jwt)) return null;
  return {
    jwt,
    withToken(name) {
      form.set('token', name);
      return form.toString();
    },
  };
}

/** Whether the library would read a text as a JWT. */
function isJwt(token: string): boolean {
  // An opaque one, without the error that it would be to the decoder.
  if (!token.includes('.')) return false;
  try {
    return decodeProtectedHeader(token) !== undefined;
  } catch {
    return false;
  }
}
