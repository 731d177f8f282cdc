import { Agent, request } from 'node:https';
import type { SecureVersion } from 'node:tls';
import type { Identity } from './authority.js';

/** Who calls, and how. */
export interface Caller {
  readonly identity?: Pick<Identity, 'key'> & { readonly cert: string };
  readonly version?: SecureVersion;
  readonly headers?: Record<string, string>;
}

export interface TlsReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: assertions read whatever the route answered
  readonly body: any;
  readonly protocol: string | null;
}

/** One request over a connection of its own, or of `agent`. Whatever the server shows is believed: it is not what is tested. */
export function call(
  url: string,
  { identity, version, headers }: Caller = {},
  agent?: Agent,
  method = 'GET',
  sent?: object,
): Promise<TlsReply> {
  const own = { key: identity?.key, cert: identity?.cert, minVersion: version, maxVersion: version };
  const body = sent === undefined ? undefined : JSON.stringify(sent);
  return new Promise((resolve, reject) => {
    const requested = request(url, {
      method,
      rejectUnauthorized: false,
      agent: agent ?? false,
      ...own,
      headers: {
        ...headers,
        ...(body && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      },
    });
    requested.on('error', reject);
    requested.on('response', (reply) => {
      let text = '';
      const isJson = /[/+]json\b/.test(reply.headers['content-type'] ?? '');
      reply.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      const protocol = (reply.socket as { getProtocol?(): string | null }).getProtocol?.() ?? null;
      reply.on('end', () =>
        resolve({ status: reply.statusCode ?? 0, body: text && isJson ? JSON.parse(text) : undefined, protocol }),
      );
    });
    requested.end(body);
  });
}

/** A connection that is kept. */
export function kept({ identity, version }: Caller): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: 1,
    rejectUnauthorized: false,
    key: identity?.key,
    cert: identity?.cert,
    minVersion: version,
    maxVersion: version,
  });
}
