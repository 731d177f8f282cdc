import type { IncomingMessage, ServerResponse } from 'node:http';
import { VerifyError } from './verify-error.js';

/**
 * Answers a refusal over plain Node: problem details (RFC 9457), with `WWW-Authenticate` or `Retry-After`.
 *
 * @returns false for any other error, which is not answered
 * @example
 * try {
 *   const auth = await verifier.verify(request);
 * } catch (error) {
 *   if (!refuse(error, request, response)) throw error;
 * }
 */
export function refuse(error: unknown, request: Pick<IncomingMessage, 'headers'>, response: ServerResponse): boolean {
  if (!(error instanceof VerifyError)) return false;
  if (response.headersSent) return true;
  response.statusCode = error.status;
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(JSON.stringify(error.problem(request.headers['x-request-id'])));
  return true;
}
