import { Agent, request } from 'node:https';
import { connect, type SecureVersion } from 'node:tls';
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
  sent?: object | URLSearchParams,
): Promise<TlsReply> {
  const own = { key: identity?.key, cert: identity?.cert, minVersion: version, maxVersion: version };
  const isForm = sent instanceof URLSearchParams;
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const body = sent === undefined ? undefined : isForm ? String(sent) : JSON.stringify(sent);
  return new Promise((resolve, reject) => {
    const requested = request(url, {
      method,
      rejectUnauthorized: false,
      agent: agent ?? false,
      ...own,
      headers: {
        ...headers,
        ...(body && { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }),
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

/** What came of one connection, and what the server gave out for going on with it later. */
export interface TlsSession {
  /** First line of what was answered. */
  readonly answer: string;
  readonly isReused: boolean;
  readonly sessions: readonly Buffer[];
}

/** Asks who it is over a connection that would go on with `session`. */
export function tlsSession(
  url: string,
  identity: Caller['identity'],
  version: SecureVersion,
  session?: Buffer,
): Promise<TlsSession> {
  const { hostname: host, port } = new URL(url);
  const own = { key: identity?.key, cert: identity?.cert, minVersion: version, maxVersion: version, session };
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...own });
    const sessions: Buffer[] = [];
    let text = '';
    socket.on('error', reject).on('session', (given: Buffer) => sessions.push(given));
    socket.on('secureConnect', () =>
      socket.write(`GET /auth/me HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.on('end', () =>
      resolve({ answer: text.split('\r\n', 1)[0]!, isReused: socket.isSessionReused(), sessions }),
    );
  });
}
