import type { ServerResponse } from 'node:http';
import { ProblemDetails } from '../http/problem-details.js';
import { AuthError } from '../kernel/auth-error.js';

/** A URL that Fastify cannot route (bad percent-encoding, too long a parameter) ends here, before any filter of Nest. */
export function answerFrameworkError(
  requestId: string,
  response: ServerResponse,
  security: Readonly<Record<string, string>>,
): void {
  const problem = ProblemDetails.of(new AuthError('validation_failed', { reason: 'unroutable_url' }), requestId);
  response.writeHead(problem.status, {
    ...security,
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  response.end(JSON.stringify(problem));
}
