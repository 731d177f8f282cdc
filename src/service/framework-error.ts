import type { ServerResponse } from 'node:http';
import { ProblemDetails } from '../http/problem-details.js';
import { AuthError, type FieldError } from '../kernel/auth-error.js';

const UNREADABLE: FieldError = { field: '', rule: 'isReadable', message: 'the path cannot be parsed' };

/**
 * Answers requests that are refused before any filter of Nest: a URL that Fastify cannot route (bad percent-encoding, too long a parameter), a
 * request that has no `Host` or more than one, or one that expects what no server here does.
 */
export function answerFrameworkError(
  requestId: string,
  response: ServerResponse,
  security: Readonly<Record<string, string>>,
  error = new AuthError('validation_failed', { reason: 'unroutable_url', errors: [UNREADABLE] }),
): void {
  const problem = ProblemDetails.of(error, requestId);
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, problemHeaders(requestId, body, security));
  response.end(body);
}

/** The headers of a problem document that is written past the framework. */
export function problemHeaders(
  requestId: string,
  body: string,
  security: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...security,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-request-id': requestId,
  };
}
