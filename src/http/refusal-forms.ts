import type { ArgumentsHost } from '@nestjs/common';
import type { AuthError } from '../kernel/auth-error.js';
import { ProblemDetails } from './problem-details.js';

/** The shape by which GraphQL servers recognise an error; its class does not count. */
interface GraphqlRefusal extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Mercurius' way to say the status; Apollo's is `extensions.http`. */
  readonly statusCode: number;
}

/** A socket of socket.io (`emit`) or a plain WebSocket (`send`, by its `readyState`). */
interface AnySocket {
  readonly readyState?: unknown;
  emit?(event: string, payload: unknown): unknown;
  send?(text: string): void;
}

const OPEN = 1;

/**
 * A refusal as an error of GraphQL: `extensions` has the same fields as problem details, and `http.status`. No reason and no stack of
 * ours is in it, for servers in development show both.
 */
export function graphqlRefusal(error: AuthError, requestId: string): GraphqlRefusal {
  const { detail, ...problem } = ProblemDetails.of(error, requestId);
  const extensions = { ...problem, ...retryOf(error), http: { status: error.status } };
  const refusal = Object.assign(new Error(detail), { extensions, statusCode: error.status });
  refusal.stack = `${error.code}: ${detail}`;
  return refusal;
}

/** Sends a refusal as Nest's event `exception`, with the message's name but not its data. */
export function sendRefusal(host: ArgumentsHost, error: AuthError, requestId: string): void {
  const args = host.getArgs<unknown[]>();
  const pattern = args.at(-1);
  const payload = { ...refusalPayload(error, requestId), ...(typeof pattern === 'string' && { cause: { pattern } }) };
  emitTo(host.getArgByIndex<AnySocket>(0), 'exception', payload);
}

/** The fields of problem details, in the form that Nest's clients of sockets and microservices know: `status` is `error`. */
export function refusalPayload(error: AuthError, requestId: string) {
  const { detail, status: _, ...problem } = ProblemDetails.of(error, requestId);
  return { ...problem, ...retryOf(error), status: 'error', message: detail };
}

/** Sends an event to a socket of either kind, if it is still open. */
export function emitTo(socket: AnySocket, event: string, data: unknown): void {
  if (typeof socket.readyState === 'number' && socket.send) {
    if (socket.readyState === OPEN) socket.send(JSON.stringify({ event, data }));
    return;
  }
  socket.emit?.(event, data);
}

function retryOf({ status, retryAfterSeconds }: AuthError): { retryAfterSeconds?: number } {
  return status === 429 || status === 503 ? { retryAfterSeconds: retryAfterSeconds ?? 1 } : {};
}
