import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { AuthContext, AuthUser } from '../kernel/auth-context.js';

/** The common part of Express's and Fastify's requests, as far as Coatcheck reads it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly originalUrl?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  /** By the rules of the framework's own proxy setting. */
  readonly ip?: string;
  /** The connection; its other end may be a proxy. */
  readonly socket?: Pick<Socket, 'remoteAddress'>;
  /** Names and values in turn, as received (Express). */
  readonly rawHeaders?: readonly string[];
  /** Node's own request (Fastify). */
  readonly raw?: { readonly rawHeaders?: readonly string[] };
  /** Of a connection: Node's own message that opened it, whatever stands for the connection by now. */
  readonly opening?: object;
  user?: AuthUser;
  auth?: AuthContext;
}

/** The framework's response object; only ever handed to the Nest HTTP adapter. */
export type HttpReply = object;

/** A request and its reply, where one cannot do without the other. */
export interface HttpExchange {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
}
