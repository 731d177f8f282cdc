import { emitTo, refusalPayload } from '../http/refusal-forms.js';
import type { AuthError } from '../kernel/auth-error.js';

/** A socket of socket.io, a WebSocket, or anything else with `once('close')` and `destroy()`, such as the reply of an event stream. */
export interface LiveSocket {
  once(event: string, listener: () => void): unknown;
  /** socket.io */
  readonly connected?: boolean;
  disconnect?(close?: boolean): unknown;
  /** WebSocket */
  readonly readyState?: unknown;
  close?(code?: number, reason?: string): void;
  /** Node's streams */
  readonly destroyed?: boolean;
  destroy?(): unknown;
}

/** Of the range that RFC 6455 §7.4.2 leaves to applications; GraphQL over WebSocket means the same by it. */
const UNAUTHORIZED = 4401;
/** "Try again later", of IANA's registry. */
const TRY_AGAIN = 1013;
/** `CLOSING`; above it, `CLOSED`. */
const CLOSING = 2;

export function isOver({ connected, readyState, destroyed }: LiveSocket): boolean {
  return connected === false || destroyed === true || (typeof readyState === 'number' && readyState >= CLOSING);
}

/** Calls back once when the socket is closed, by whichever side. */
export function whenClosed(socket: LiveSocket, then: () => void): void {
  // A client of socket.io may send an event named `close`; it cannot send this one.
  socket.once(isIo(socket) ? 'disconnect' : 'close', then);
}

/** Tells the client why and closes. Throws nothing: other sockets are to be closed as well. */
export function closeBecause(socket: LiveSocket, error: AuthError, requestId: string): void {
  try {
    if (isIo(socket)) {
      emitTo(socket as never, 'exception', refusalPayload(error, requestId));
      // Of all namespaces: they share the handshake.
      socket.disconnect!(true);
    } else if (typeof socket.readyState === 'number' && socket.close) {
      socket.close(error.status >= 500 ? TRY_AGAIN : UNAUTHORIZED, error.code);
    } else socket.destroy?.();
  } catch {
    socket.destroy?.();
  }
}

function isIo({ disconnect }: LiveSocket): boolean {
  return typeof disconnect === 'function';
}
