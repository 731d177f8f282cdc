import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../../access/http-exchange.js';

const BEARER = /^Bearer(?:[ \t]+(.*))?$/i;

/** Begins a key made for a machine, which is no access token. */
const API_KEY_PREFIX = 'cck_';

/**
 * What each `Authorization: Bearer` header of the request carries, unchecked, keys for machines left out. Normally one;
 * of several Node shows only the first, and a proxy may have judged the other (RFC 6750 §2).
 */
export function bearerTokens(request: HttpRequest): string[] {
  const { authorization } = request.headers;
  if (authorization === undefined) return [];
  return everyAuthorization(request, authorization)
    .map((value) => BEARER.exec(value))
    .filter((match) => match !== null)
    .map((match) => match[1] ?? '')
    .filter((token) => !token.startsWith(API_KEY_PREFIX));
}

function everyAuthorization(request: HttpRequest, shown: string): string[] {
  // Fastify wraps Node's message, Express extends it.
  const { rawHeaders } = ((request as { raw?: object }).raw ?? request) as Partial<IncomingMessage>;
  if (!rawHeaders) return [shown];
  const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === 'authorization');
  return values.length > 1 ? values : [shown];
}
