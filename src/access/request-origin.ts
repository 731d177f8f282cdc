import type { HttpRequest } from '../edge/http-exchange.js';
import { requestIdOf } from '../http/request-id.js';
import { clientAddress } from './client-address.js';

/** Where a request came from, as session lists, the audit and notifications show it. */
export interface RequestOrigin {
  /** Null when the framework cannot tell. */
  readonly ip: string | null;
  /** As sent; null when absent. */
  readonly userAgent: string | null;
  /** The one in the reply's `X-Request-Id` and in the log. */
  readonly requestId: string;
}

export function originOf(request: HttpRequest): RequestOrigin {
  return {
    ip: clientAddress(request),
    userAgent: request.headers['user-agent'] ?? null,
    requestId: requestIdOf(request),
  };
}
