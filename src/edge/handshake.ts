import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AuthError } from '../kernel/auth-error.js';
import type { HttpRequest } from './http-exchange.js';

/** As much as a header may have: nothing else bounds what follows a handshake. */
const MOST_CHARACTERS = 8_192;

/** Node's own message of a handshake, or a framework's request around it. */
export type Handshake = Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders' | 'socket' | 'headersDistinct'>;

const requests = new WeakMap<object, HttpRequest>();

/**
 * The request that opened a connection: the same object for as long as the connection lasts. Its headers are those on the wire, whatever
 * was written into `headers` since: a GraphQL server copies what the client sends after the handshake in there, and a page of another
 * site may then write its own `Sec-Fetch-Site`, or a proxy's certificate header.
 *
 * @param connection what stands for it
 * @param authorizations `Authorization` headers that a browser cannot send with a handshake, and sends right after it. With one of its
 *   own, or two, they count as several (two different tickets are refused)
 * @throws AuthError `unauthenticated` for one that is longer than a header may be
 */
export function handshakeRequest(
  connection: object,
  handshake: Handshake,
  authorizations: readonly string[],
): HttpRequest {
  const known = requests.get(connection);
  if (known) return known;
  if (authorizations.some(({ length }) => length > MOST_CHARACTERS))
    throw new AuthError('unauthenticated', { reason: 'ticket_too_long' });
  const { method = 'GET', url = '/', socket, rawHeaders } = handshake;
  const headers = headersOnTheWire(handshake);
  headers.authorization ??= authorizations[0];
  const added = authorizations.flatMap((value) => ['authorization', value]);
  const request = { method, url, headers, socket, rawHeaders: [...rawHeaders, ...added], opening: handshake };
  requests.set(connection, request);
  return request;
}

/** RFC 9110 §5.3; cookies are joined as RFC 9113 §8.2.3 has it. Of what counts once, a proxy may have judged the first. */
function headersOnTheWire({ headersDistinct }: Handshake): IncomingHttpHeaders {
  const headers: Record<string, string | undefined> = {};
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    if (name === 'authorization' || name === 'host' || name === 'user-agent') headers[name] = values[0];
    else headers[name] = values.join(name === 'cookie' ? '; ' : ', ');
  }
  return headers;
}

/** Every value of `authorization`, in any case, in the `connectionParams` of GraphQL over WebSocket. */
export function authorizationsIn(params: unknown): string[] {
  if (typeof params !== 'object' || params === null) return [];
  return Object.entries(params).flatMap(([name, value]) =>
    name.toLowerCase() === 'authorization' && typeof value === 'string' ? [value] : [],
  );
}
