import type { ServerResponse } from 'node:http';
import { ProblemDetails } from '../http/problem-details.js';
import { AuthError, type FieldError } from '../kernel/auth-error.js';

const UNREADABLE: FieldError = { field: '', rule: 'isReadable', message: 'the path cannot be parsed' };

/**
 * Answers requests that are refused before any filter of Nest: a URL that Fastify cannot route (bad percent-encoding, too long a parameter), or a
 * request that has more than one `Host`.
 */
export function answerFrameworkError(
  requestId: string,
  response: ServerResponse,
  security: Readonly<Record<string, string>>,
  error = new AuthError('validation_failed', { reason: 'unroutable_url', errors: [UNREADABLE] }),
): void {
  const problem = ProblemDetails.of(error, requestId);
  response.writeHead(problem.status, {
    ...security,
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  response.end(JSON.stringify(problem));
}
