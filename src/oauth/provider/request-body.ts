import type { IncomingMessage } from 'node:http';

/** More is no request to the provider: its own limit is a little higher. */
export const MOST_BYTES = 50 * 1024;

/** Of a form that becomes the query of an address: servers and browsers take no longer ones. */
export const MOST_MOVED_BYTES = 8 * 1024;

/** A body that is larger than it may be. */
export class BodyTooLarge extends Error {}

/** The body, whole. @throws BodyTooLarge; what the connection throws when it breaks */
export async function readBody(request: IncomingMessage, most = MOST_BYTES): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > most) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    received += chunk.length;
    if (received > most) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, received);
}

/** A request whose body is at hand: the library reads streams, and believes what stands in their place only with a complaint. */
export interface ReadRequest {
  readonly request: IncomingMessage;
  /** Every later reader of the request reads this. */
  replaceBody(body: Buffer): void;
  replaceQuery(query: string): void;
}

/**
 * The request again, with a body that has been read already.
 *
 * @param isForPrograms whether errors are told as data, whatever is asked for
 */
export function withBody(original: IncomingMessage, read: Buffer, isForPrograms: boolean): ReadRequest {
  let body = read;
  const { 'transfer-encoding': _chunked, ...headers } = original.headers;
  const accept = isForPrograms ? { accept: 'application/json' } : {};
  const own = { ...headers, ...accept, 'content-length': String(body.length) };
  const request: IncomingMessage = Object.create(original, {
    headers: { value: own, enumerable: true },
    url: { value: original.url, writable: true, enumerable: true },
    originalUrl: { value: original.url, writable: true, enumerable: true },
    readable: { value: true },
    readableEncoding: { value: null },
    iterator: {
      value: async function* () {
        if (body.length > 0) yield body;
      },
    },
  });
  return {
    request,
    replaceBody: (other) => {
      body = other;
      own['content-length'] = String(other.length);
    },
    replaceQuery: (query) => {
      const [path = '/'] = (original.url ?? '/').split('?', 1);
      Object.assign(request, { url: `${path}?${query}`, originalUrl: `${path}?${query}` });
    },
  };
}

/** What stands behind the first question mark of an address: others may be part of a parameter. */
export function queryIn(url = ''): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** The media type, without its parameters. */
export function mediaTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Whether a NUL is anywhere in it: no store of ours could keep it, and nothing honest contains one. */
export function hasNul(text: string): boolean {
  return text.includes('\0') || /%00|\\u0000/i.test(text);
}
