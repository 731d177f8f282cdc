import type { HttpRequest } from '../edge/http-exchange.js';
import { requestIdOf } from '../http/request-id.js';
import { clientAddress } from './client-address.js';
import { languageWishesOf } from './language-wishes.js';

/** Where a request came from, as session lists, the audit and notifications show it. */
export interface RequestOrigin {
  /** Null when the framework cannot tell. */
  readonly ip: string | null;
  /** As sent; null when absent. */
  readonly userAgent: string | null;
  /** The one in the reply's `X-Request-Id` and in the log. */
  readonly requestId: string;
  /** The languages that the sender reads, best first, comma-separated; absent: not known. Not part of its JSON. */
  readonly languages?: string | undefined;
}

export function originOf(request: HttpRequest): RequestOrigin {
  const origin = {
    ip: clientAddress(request),
    userAgent: request.headers['user-agent'] ?? null,
    requestId: requestIdOf(request),
  };
  // For mails, not for the audit, which copies and compares what it can see.
  return Object.defineProperty(origin, 'languages', { value: languageWishesOf(request), enumerable: false });
}
