import { authorizationsOf } from '../../access/authorization-header.js';
import type { HttpRequest } from '../../access/http-exchange.js';
import type { Ticket } from '../../access/strategy.js';
import { API_KEY_PREFIX } from './api-key.js';

const BEARER = /^Bearer[ \t]+(cck_.*)$/i;

/**
 * The key that a request carries in a header, unchecked: `Authorization: Bearer cck_…` or `X-API-Key: cck_…`. Other bearer
 * tokens and other systems' keys are none. Several, be they equal, are given as one that is no key: which was meant, and which a
 * proxy has judged, cannot be told.
 */
export function apiKeyTickets(request: HttpRequest): Ticket[] {
  const { authorization, 'x-api-key': header } = request.headers;
  if (authorization === undefined && header === undefined) return [];
  const found = bearerKeys(request);
  // Node joins several of this header by commas.
  if (typeof header === 'string' && header.startsWith(API_KEY_PREFIX)) found.push(header);
  return found.length === 0 ? [] : [{ value: found.join(','), carrier: 'header' }];
}

function bearerKeys(request: HttpRequest): string[] {
  if (request.headers.authorization === undefined) return [];
  const found: string[] = [];
  for (const value of authorizationsOf(request)) {
    // As nearly everyone writes it.
    const key = value.startsWith('Bearer cck_') ? value.slice(7) : BEARER.exec(value)?.[1];
    if (key !== undefined) found.push(key);
  }
  return found;
}
