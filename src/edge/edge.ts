import type { ArgumentsHost } from '@nestjs/common';
import { AuthError } from '../kernel/auth-error.js';
import {
  contextOf,
  graphqlReply,
  graphqlRequest,
  graphqlSocket,
  isHandshake,
  isRootField,
  isUnsafeOperation,
} from './graphql-edge.js';
import type { HttpReply, HttpRequest } from './http-exchange.js';
import { socketRequest } from './socket-edge.js';

/** Methods that change nothing (RFC 9110 §9.2.1). */
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The answers of the host's own guards, by the object that stands for the context. */
const said = new WeakMap<object, Heard>();
let hasAnySaid = false;

interface Heard {
  readonly request: HttpRequest;
  readonly reply: HttpReply | undefined;
}

/**
 * The request behind whatever is running: a route of Express or Fastify, a resolver of GraphQL, a message of a WebSocket (the handshake
 * that opened it).
 *
 * @throws AuthError `forbidden` when there is none, or none can be found
 */
export function requestOf(host: ArgumentsHost): HttpRequest {
  const request = findRequest(host);
  if (request) return request;
  throw new AuthError('forbidden', { reason: `no_request_in_${host.getType<string>()}_context` });
}

/** The same; undefined when there is none. */
export function findRequest(host: ArgumentsHost): HttpRequest | undefined {
  const type = host.getType<string>();
  if (hasAnySaid) {
    const heard = said.get(anchorOf(host));
    if (heard) return heard.request;
  }
  if (type === 'http') return host.getArgByIndex<HttpRequest>(0);
  if (type === 'graphql') return graphqlRequest(host);
  return type === 'ws' ? socketRequest(host) : undefined;
}

/** The framework's reply; undefined where there is none: over WebSocket, and where a GraphQL context does not show it. */
export function replyOf(host: ArgumentsHost): HttpReply | undefined {
  const type = host.getType<string>();
  if (hasAnySaid) {
    const heard = said.get(anchorOf(host));
    if (heard) return heard.reply;
  }
  if (type === 'http') return host.getArgByIndex<HttpReply>(1);
  return type === 'graphql' ? graphqlReply(host) : undefined;
}

/** From now on these are the request and the reply of this context, for everything that asks. */
export function settle(host: ArgumentsHost, heard: Heard): void {
  hasAnySaid = true;
  said.set(anchorOf(host), heard);
}

/** The input of the caller: the body of a request, the arguments of a GraphQL field, the data of a message. */
export function inputOf(host: ArgumentsHost): unknown {
  const type = host.getType<string>();
  if (type === 'graphql' || type === 'ws') return host.getArgByIndex(1);
  return type === 'http' ? host.getArgByIndex<HttpRequest>(0).body : host.getArgByIndex(0);
}

/** Whether a page of another site must not cause this by the user's cookie. */
export function isUnsafe(host: ArgumentsHost, request: HttpRequest): boolean {
  const type = host.getType<string>();
  // Over a socket any page may read as well.
  if (type !== 'http' && type !== 'graphql') return true;
  return !SAFE_METHODS.has(request.method) || (type === 'graphql' && isUnsafeOperation(host, request));
}

/** Whether it counts as a request of its own: one HTTP request, one field of a GraphQL operation, one message. */
export function isCounted(host: ArgumentsHost): boolean {
  return host.getType<string>() !== 'graphql' || isRootField(host);
}

/** The object by which the time of one request is measured: a connection's own request may be hours old. */
export function unitOf(host: ArgumentsHost, request: HttpRequest): object {
  return host.getType<string>() === 'ws' || isHandshake(request) ? {} : request;
}

/** The connection that outlives what is running, to be closed when its caller's session ends; undefined over HTTP. */
export function socketOf(host: ArgumentsHost): object | undefined {
  const type = host.getType<string>();
  if (type === 'ws') return host.getArgByIndex<object>(0);
  return type === 'graphql' ? graphqlSocket(host) : undefined;
}

/** One object per request, operation or connection, whichever part of the framework asks. */
function anchorOf(host: ArgumentsHost): object {
  const anchor = host.getType<string>() === 'graphql' ? contextOf(host) : host.getArgByIndex<unknown>(0);
  return typeof anchor === 'object' && anchor !== null ? anchor : host;
}
