import type { ArgumentsHost } from '@nestjs/common';
import { authorizationsIn, type Handshake, handshakeRequest } from './handshake.js';
import type { HttpReply, HttpRequest } from './http-exchange.js';

/** The properties of a GraphQL context by which the request is found. Servers differ: each is absent with some of them. */
interface GraphqlContext {
  /** Apollo, and Nest for Mercurius: the request; over WebSocket the connection of graphql-ws. */
  readonly req?: Partial<HttpRequest> & Partial<GraphqlConnection>;
  /** Mercurius, over WebSocket. */
  readonly request?: Partial<HttpRequest>;
  readonly res?: HttpReply;
  /** Mercurius; over WebSocket it is none, and has only the request. */
  readonly reply?: HttpReply & { readonly request?: Partial<HttpRequest> };
  /** graphql-ws, where the host spreads its connection. */
  readonly extra?: GraphqlConnection['extra'];
  readonly connectionParams?: unknown;
  /** Mercurius: what the client sent to begin. */
  readonly _connectionInit?: unknown;
  /** The WebSocket, where the host says so (Mercurius' `subscription.context`). */
  readonly socket?: object;
}

/** The connection of graphql-ws: one object for as long as it lasts. */
export interface GraphqlConnection {
  readonly connectionParams?: unknown;
  readonly extra?: { readonly socket?: object; readonly request?: Handshake };
}

/** The part of GraphQL's resolve info that is read. */
interface ResolveInfo {
  readonly fieldName: string;
  readonly operation: { readonly operation: 'query' | 'mutation' | 'subscription' };
  readonly path?: { readonly prev?: object | undefined };
}

/** The request behind a resolver; undefined where the host's own GraphQL context has none. */
export function graphqlRequest(host: ArgumentsHost): HttpRequest | undefined {
  const context = contextOf(host);
  const connection = connectionOf(context);
  if (connection?.extra?.request)
    return handshakeRequest(connection, connection.extra.request, authorizationsIn(connection.connectionParams));
  const request = [context.req, context.request, context.reply?.request].find(isRequest);
  if (!request || !isHandshake(request)) return request;
  const message = (request.raw ?? request) as unknown as Handshake;
  return handshakeRequest(request, message, authorizationsIn(context._connectionInit));
}

/** The reply; undefined over WebSocket, and where the host's own context has none. */
export function graphqlReply(host: ArgumentsHost): HttpReply | undefined {
  const { req, res, reply } = contextOf(host);
  // Express shows the reply at its request, Apollo's context shows no reply.
  const { res: ofRequest } = (req ?? {}) as { res?: HttpReply };
  return [reply, res, ofRequest].find(isReply);
}

/** The socket that a subscription lives on; undefined over HTTP. */
export function graphqlSocket(host: ArgumentsHost): object | undefined {
  const context = contextOf(host);
  const request = [context.req, context.request].find(isRequest);
  const isOverSocket = connectionOf(context)?.extra?.request !== undefined || (request && isHandshake(request));
  if (!isOverSocket) return undefined;
  // Without a WebSocket in the context (Mercurius), its connection.
  return connectionOf(context)?.extra?.socket ?? context.socket ?? request?.socket;
}

/** The GraphQL context of this operation, for what belongs to one operation. */
export function contextOf(host: ArgumentsHost): GraphqlContext {
  const args = host.getArgs<unknown[]>();
  const at = infoAt(args);
  const context = at > 0 ? args[at - 1] : undefined;
  return typeof context === 'object' && context !== null ? context : {};
}

/** Whether this may change something, or lets another site read what it should not. */
export function isUnsafeOperation(host: ArgumentsHost, request: HttpRequest): boolean {
  return operationOf(host) !== 'query' || isHandshake(request);
}

/** Whether the field is one of the operation's own, not one of an object that another field returned. */
export function isRootField(host: ArgumentsHost): boolean {
  const args = host.getArgs<unknown[]>();
  const info = args[infoAt(args)] as ResolveInfo | undefined;
  return info?.path?.prev === undefined;
}

/** A handshake by which a browser lets any page read (RFC 6455 §10.2). */
export function isHandshake({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

function operationOf(host: ArgumentsHost): string {
  const args = host.getArgs<unknown[]>();
  return (args[infoAt(args)] as ResolveInfo | undefined)?.operation.operation ?? 'mutation';
}

/** Most resolvers have it last, of four; those of references of three; those of types have the type behind it. */
function infoAt(args: readonly unknown[]): number {
  return args.findLastIndex((arg) => {
    const { fieldName, operation } = (arg ?? {}) as Partial<ResolveInfo>;
    return typeof fieldName === 'string' && typeof operation?.operation === 'string';
  });
}

function connectionOf({ req, extra, connectionParams }: GraphqlContext): GraphqlConnection | undefined {
  if (req?.extra) return req as GraphqlConnection;
  return extra && connectionAround(extra, connectionParams);
}

const spread = new WeakMap<object, GraphqlConnection>();

/** The host has spread the connection into its context: `extra` is what lasts as long as the connection does. */
function connectionAround(extra: object, connectionParams: unknown): GraphqlConnection {
  const connection = spread.get(extra) ?? { extra, connectionParams };
  spread.set(extra, connection);
  return connection;
}

function isRequest(one: Partial<HttpRequest> | undefined): one is HttpRequest {
  return typeof one?.headers === 'object' && typeof one.method === 'string';
}

function isReply(one: HttpReply | undefined): boolean {
  const { header, setHeader } = (one ?? {}) as { header?: unknown; setHeader?: unknown };
  return typeof header === 'function' || typeof setHeader === 'function';
}
