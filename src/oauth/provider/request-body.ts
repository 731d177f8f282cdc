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
  if (request.readableEnded) return Buffer.concat(chunks);
  let received = 0;
  // By events: an iterator costs some twenty promises.
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received <= most) chunks.push(chunk);
      else reject(new BodyTooLarge());
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, received)));
    request.once('error', reject);
    request.once('close', () => {
      // An error of its own for each request would cost more than reading it did.
      if (!request.readableEnded) reject(new Error('the connection broke off within a body'));
    });
  });
}

/** A request whose body has been read. */
export interface ReadRequest {
  /** Every later reader of the request reads this. */
  replaceBody(body: Buffer): void;
  replaceQuery(query: string): void;
}

/**
 * Gives a request the body that has been read of it: the library reads streams, and believes what stands in their place only with a complaint.
 * In its place, for an object that inherits from it would be of a shape of its own, which V8 has never seen, at each request.
 *
 * @param isForPrograms whether errors are told as data, whatever is asked for
 */
export function putBodyBack(request: IncomingMessage, read: Buffer, isForPrograms: boolean): ReadRequest {
  let body = read;
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined) delete headers['transfer-encoding'];
  if (isForPrograms) headers.accept = 'application/json';
  headers['content-length'] = String(body.length);
  Object.assign(request, { originalUrl: request.url });
  Object.defineProperties(request, {
    readable: { value: true },
    readableEncoding: { value: null },
    iterator: {
      value: async function* () {
        if (body.length > 0) yield body;
      },
    },
  });
  return {
    replaceBody: (other) => {
      body = other;
      headers['content-length'] = String(other.length);
    },
    replaceQuery: (query) => {
      const [path = '/'] = (request.url ?? '/').split('?', 1);
      Object.assign(request, { url: `${path}?${query}`, originalUrl: `${path}?${query}` });
    },
  };
}

/** The text behind the first question mark of an address: others may be part of a parameter. */
export function queryIn(url = ''): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** Whether a NUL is anywhere in it: no store of ours could keep it, and nothing honest contains one. */
export function hasNul(text: string): boolean {
  // A text without a sign of escaping, as long tokens are, is not read letter by letter.
  const mayEscape = text.includes('%') || text.includes('\\');
  return text.includes('\0') || (mayEscape && /%00|\\u0000/i.test(text));
}
