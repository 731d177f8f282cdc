import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../edge/http-exchange.js';

const AUTHORIZATION = 'authorization';
const BEARER = /^Bearer(?:[ \t]+(.*))?$/i;
/** As nearly everyone writes it. */
const USUAL = 'Bearer ';
const NONE: readonly string[] = Object.freeze([]);

/** What each `Authorization: Bearer` header of the request carries, unchecked; `''` for one that carries nothing. RFC 6750 §2.1. */
export function bearerTokens(request: HttpRequest): readonly string[] {
  const shown = request.headers.authorization;
  if (shown === undefined) return NONE;
  const tokens: string[] = [];
  for (const value of authorizationsOf(request, shown)) {
    const token = tokenIn(value);
    if (token !== null) tokens.push(token);
  }
  return tokens;
}

function tokenIn(value: string): string | null {
  const next = value.charCodeAt(USUAL.length);
  // The expression reads every character; it is needed only where more blanks follow, or another spelling.
  if (value.startsWith(USUAL) && next > 0x20) return value.slice(USUAL.length);
  const match = BEARER.exec(value);
  return match && (match[1] ?? '');
}

/** Normally one; of several Node shows only the first, and a proxy may have judged the other (RFC 6750 §2). */
function authorizationsOf(request: HttpRequest, shown: string): string[] {
  // Fastify wraps Node's message, Express extends it.
  const { rawHeaders } = ((request as { raw?: object }).raw ?? request) as Partial<IncomingMessage>;
  if (!rawHeaders) return [shown];
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    // The length first: every request has many headers, and nearly none of them this one.
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) values.push(rawHeaders[at + 1]!);
  }
  return values.length > 1 ? values : [shown];
}
