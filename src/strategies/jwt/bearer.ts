import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../../access/http-exchange.js';

const BEARER = /^Bearer(?:[ \t]+(.*))?$/i;

const AUTHORIZATION = 'authorization';

/** Begins a key made for a machine, which is no access token. */
const API_KEY_PREFIX = 'cck_';

/**
 * What each `Authorization: Bearer` header of the request carries, unchecked, keys for machines left out. Normally one;
 * of several Node shows only the first, and a proxy may have judged the other (RFC 6750 §2).
 */
export function bearerTokens(request: HttpRequest): string[] {
  const { authorization } = request.headers;
  if (authorization === undefined) return [];
  const tokens: string[] = [];
  for (const value of everyAuthorization(request, authorization)) {
    const token = bearerIn(value);
    if (token !== null && !token.startsWith(API_KEY_PREFIX)) tokens.push(token);
  }
  return tokens;
}

function bearerIn(value: string): string | null {
  // As nearly everybody writes it; the expression reads every character of the token.
  if (value.startsWith('Bearer ey')) return value.slice('Bearer '.length);
  const match = BEARER.exec(value);
  return match && (match[1] ?? '');
}

function everyAuthorization(request: HttpRequest, shown: string): string[] {
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
