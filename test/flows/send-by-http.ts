import { Agent, type IncomingMessage, request } from 'node:http';
import type { TestReply } from '../../src/testing/index.js';
import type { SentRequest } from '../../src/testing/test-client.js';

/** Less than servers keep a connection that nobody uses: one that they close must not be taken for the next request. */
const IDLE_MS = 2_000;
const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
/** What `fetch` says of itself. */
const OF_FETCH = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node' };

type Reply = Pick<TestReply, 'status' | 'headers' | 'text'>;

/**
 * Sends what `fetch` would send, compression apart. @throws what `node:http` says of a server that is not there or hangs up
 */
export function sendByHttp({ method, url, headers, body }: SentRequest): Promise<Reply> {
  const sent = { ...OF_FETCH, ...Object.fromEntries(new Headers(headers)) };
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname, search } = new URL(url);
    const to = { agent, method, hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search };
    request({ ...to, headers: { ...sent, ...length } }, (response) => read(response).then(resolve, reject))
      .once('error', reject)
      .end(body);
  });
}

async function read(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const headers = new Headers();
  const { rawHeaders } = response;
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  return { status: response.statusCode!, headers, text: new TextDecoder().decode(Buffer.concat(chunks)) };
}
