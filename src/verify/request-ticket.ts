import { bearerTokensIn, dpopTokensIn } from '../access/bearer-tokens.js';
import { VerifyError } from './verify-error.js';
import type { VerifyRequest } from './verify-request.js';

/** What a request presents, unchecked. */
export interface RequestTicket {
  readonly value: string;
  readonly carrier: 'header' | 'cookie';
  /** Sent by the scheme `DPoP`. */
  readonly isDpop: boolean;
}

/** Where tickets may be. */
export interface TicketPlaces {
  /** Null: cookies are not looked at. */
  readonly cookieName: string | null;
}

/** Its name begins every key of ours: other systems' keys travel in that header too. */
const API_KEY_PREFIX = 'cck_';
const AUTHORIZATION = 'authorization';

/**
 * The one ticket of the request; null without one.
 *
 * @throws VerifyError `unauthenticated` with two different ones: which is meant, and which a proxy has judged, cannot be told
 */
export function ticketOf(request: VerifyRequest, { cookieName }: TicketPlaces): RequestTicket | null {
  const { authorization, cookie, 'x-api-key': key } = request.headers;
  const authorizations = authorization === undefined ? [] : authorizationsOf(request, authorization);
  let found: RequestTicket | null = null;
  for (const value of bearerTokensIn(authorizations)) found = only(found, { value, carrier: 'header', isDpop: false });
  for (const value of dpopTokensIn(authorizations)) found = only(found, { value, carrier: 'header', isDpop: true });
  if (typeof key === 'string' && key.startsWith(API_KEY_PREFIX))
    found = only(found, { value: key, carrier: 'header', isDpop: false });
  if (cookieName === null || cookie === undefined) return found;
  for (const value of cookiesIn(cookie, cookieName)) found = only(found, { value, carrier: 'cookie', isDpop: false });
  return found;
}

function only(found: RequestTicket | null, ticket: RequestTicket): RequestTicket {
  if (found === null) return ticket;
  if (found.value !== ticket.value || found.isDpop !== ticket.isDpop)
    throw new VerifyError('unauthenticated', { reason: 'two_different_tickets' });
  return found;
}

/** Of several Node shows only the first. */
function authorizationsOf(request: VerifyRequest, shown: string): readonly string[] {
  const rawHeaders = request.raw?.rawHeaders ?? request.rawHeaders;
  if (!rawHeaders) return [shown];
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) values.push(rawHeaders[at + 1]!);
  }
  return values.length > 1 ? values : [shown];
}

/** Only spaces and tabs are blanks: to `trim()` a no-break space is one too, and a sibling domain could forge the prefix by it. */
function cookiesIn(header: string, name: string): string[] {
  const values: string[] = [];
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals >= 0 && bare(pair.slice(0, equals)) === name) values.push(bare(pair.slice(equals + 1)));
  }
  return values;
}

function bare(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}
