import type { IncomingMessage } from 'node:http';
import { decodeProtectedHeader } from 'jose';
import { AuthError } from '../../kernel/auth-error.js';

const FORM = /^application\/x-www-form-urlencoded(?:\s*;|$)/i;
/** As the library has it. */
const MOST_BYTES = 56 * 1024;

/** A form whose `token` may be a JWT. */
export interface TokenBody {
  /** As it was sent. */
  readonly text: string;
  /** Null: its token is none, or there is not exactly one. */
  readonly jwt: string | null;
  withToken(token: string): string;
}

/**
 * The form of a request. Null for what is none, which is left to the next reader.
 *
 * @throws AuthError `payload_too_large`, `validation_failed` when the body ends too early
 */
export async function readTokenBody(request: IncomingMessage): Promise<TokenBody | null> {
  if (request.method !== 'POST' || !FORM.test(request.headers['content-type'] ?? '') || !request.readable) return null;
  const text = await readText(request);
  const form = new URLSearchParams(text);
  const [token, ...more] = form.getAll('token');
  return {
    text,
    jwt: token !== undefined && more.length === 0 && isJwt(token) ? token : null,
    withToken(name) {
      form.set('token', name);
      return form.toString();
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_BYTES) break;
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    throw new AuthError('validation_failed', { reason: 'body_cut_off', cause });
  }
  if (bytes > MOST_BYTES) throw new AuthError('payload_too_large', { reason: 'token_form' });
  return Buffer.concat(chunks).toString();
}

/** What the library would refuse as one. */
function isJwt(token: string): boolean {
  try {
    return decodeProtectedHeader(token) !== undefined;
  } catch {
    return false;
  }
}
