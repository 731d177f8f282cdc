import { Injectable } from '@nestjs/common';
import { PublicFetch, type PublicRequest } from '../../http/public-fetch.js';
import { isShownName } from '../clients/registration-metadata.js';

const MOST_BYTES = 5 * 1024;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?(\/|\?|$)/;

/** Fetches for the library: keys of clients, and the documents by which clients describe themselves (client ID metadata documents). */
@Injectable()
export class LibraryFetch {
  constructor(private readonly publicFetch: PublicFetch) {}

  readonly fetch = async (address: string | URL, { headers, ...request }: RequestInit = {}): Promise<Response> => {
    const plain = Object.fromEntries(new Headers(headers).entries());
    const asked = { ...request, headers: plain, body: bodyText(request.body) } as PublicRequest;
    const response = await this.publicFetch.fetch(String(address), asked);
    // Whatever its media type: the library looks at none.
    return response.status === 200 ? tidied(String(address), response) : response;
  };
}

function bodyText(body: RequestInit['body']): string | undefined {
  return body === undefined || body === null ? undefined : String(body);
}

/**
 * The document as the library takes it. Without `application_type` it would be a web application's, which may not be called back on this
 * machine, as those of command lines are; scopes of APIs are none of OpenID Connect's; and a document cannot keep a secret.
 */
async function tidied(address: string, response: Response): Promise<Response> {
  const text = await response.text();
  const again = (body: string) => new Response(body, { status: 200, headers: cacheHeaders(response) });
  const document = objectIn(text);
  if (document?.client_id !== address) return again(text);
  if (Buffer.byteLength(text) > MOST_BYTES) throw new Error('the document is too large');
  const { scope: _scope, client_name: name, ...described } = document;
  const isNative = isCalledBackHere(described.redirect_uris);
  return again(
    JSON.stringify({
      ...(isNative && { application_type: 'native' }),
      token_endpoint_auth_method: 'none',
      ...described,
      ...(isShownName(name) && { client_name: name }),
    }),
  );
}

function cacheHeaders({ headers }: Response): Record<string, string> {
  const kept = ['cache-control', 'expires', 'content-type'].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(kept);
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** By a loopback address or a scheme of its own only, RFC 8252 §7. */
function isCalledBackHere(uris: unknown): boolean {
  const all = Array.isArray(uris) ? uris : [];
  return all.length > 0 && all.every((uri) => LOOPBACK.test(String(uri)) || !/^https?:/i.test(String(uri)));
}
