import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../../edge/http-exchange.js';

/** Node's own request, as the house knows requests: no framework has read it. */
export function asHttpRequest(request: IncomingMessage): HttpRequest {
  return request as unknown as HttpRequest;
}
