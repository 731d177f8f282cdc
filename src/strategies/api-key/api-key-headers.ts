import type { Ticket } from '../../access/ticket-strategy.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { API_KEY_PREFIX } from './api-key.js';

const NONE: readonly Ticket[] = Object.freeze([]);

/** Whether a bearer token is one of our keys, right or wrong, and no other strategy's ticket. */
export function hasApiKeyShape(token: string): boolean {
  return token.startsWith(API_KEY_PREFIX);
}

/**
 * The key that a request carries in a header, unchecked: `Authorization: Bearer cck_…` or `X-API-Key: cck_…`. Other systems' keys
 * are none. Several, be they equal, are given as one that is no key: which was meant, and which a proxy has judged, cannot be told.
 *
 * @param bearer bearer tokens of that shape
 */
export function apiKeyTickets({ headers }: HttpRequest, bearer: readonly string[]): readonly Ticket[] {
  const header = headers['x-api-key'];
  // Node joins several of this header by commas.
  const isOurs = typeof header === 'string' && header.startsWith(API_KEY_PREFIX);
  if (bearer.length === 0 && !isOurs) return NONE;
  return [{ value: (isOurs ? [...bearer, header] : bearer).join(','), carrier: 'header' }];
}
