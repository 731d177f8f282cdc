import type { ArgumentsHost } from '@nestjs/common';
import { type Handshake, handshakeRequest } from './handshake.js';
import type { HttpRequest } from './http-exchange.js';

/** A socket of socket.io. */
interface IoSocket {
  readonly request?: Handshake;
  readonly handshake?: { readonly auth?: { readonly token?: unknown } };
}

/** Plain WebSockets do not know what opened them. */
const handshakes = new WeakMap<object, Handshake>();

/** From now on this WebSocket is known to have been opened by this request. */
export function rememberHandshake(socket: object, handshake: Handshake): void {
  handshakes.set(socket, handshake);
}

/** The handshake of a message's socket; undefined for a plain WebSocket whose handshake was not remembered. */
export function socketRequest(host: ArgumentsHost): HttpRequest | undefined {
  return requestOfSocket(host.getArgByIndex<object>(0));
}

/** @throws AuthError `unauthenticated` for a token that is longer than a header may be */
export function requestOfSocket(socket: object): HttpRequest | undefined {
  const { request, handshake } = socket as IoSocket;
  const message = handshakes.get(socket) ?? request;
  if (!message?.rawHeaders) return undefined;
  const token = handshake?.auth?.token;
  return handshakeRequest(socket, message, typeof token === 'string' ? [`Bearer ${token}`] : []);
}
