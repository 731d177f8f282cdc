import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from './http-exchange.js';

const AUTHORIZATION = 'authorization';

/**
 * Every `Authorization` header of the request. Normally one; of several Node shows only the first, and a proxy may have judged
 * the other (RFC 6750 §2).
 */
export function authorizationsOf(request: HttpRequest): string[] {
  const shown = request.headers.authorization;
  if (shown === undefined) return [];
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
