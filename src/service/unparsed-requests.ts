import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemDetails } from '../http/problem-details.js';
import { requestIdFrom } from '../http/request-id.js';
import { AuthError, type FieldError } from '../kernel/auth-error.js';
import { problemHeaders } from './framework-error.js';

const TOO_LARGE = new Set(['HPE_HEADER_OVERFLOW', 'HPE_CHUNK_EXTENSIONS_OVERFLOW']);
const UNPARSED: FieldError = { field: '', rule: 'isReadable', message: 'the request is no HTTP that can be parsed' };
const TOO_SLOW: FieldError = { field: '', rule: 'isReadable', message: 'the request did not arrive in time' };

/** Answers what Node's parser refuses, or waits for in vain: no request of it ever gets to the framework. */
export class UnparsedRequests {
  /** The newest reply of each connection. */
  private readonly newest = new WeakMap<Socket, ServerResponse>();
  /** After which their connection is closed. */
  private readonly last = new WeakSet<ServerResponse>();

  constructor(private readonly security: Readonly<Record<string, string>>) {}

  /** Notes that the reply of a request is under way. */
  begin({ socket }: IncomingMessage, response: ServerResponse): void {
    this.newest.set(socket, response);
  }

  /** For the event `clientError`; it comes again with all that arrives on the connection afterwards. */
  refuse(error: Error & { code?: string }, socket: Socket): void {
    const newest = this.newest.get(socket);
    const pending = newest && !newest.writableFinished && !newest.destroyed ? newest : undefined;
    if (pending?.req.complete && socket.writable) {
      this.closeAfter(pending, socket);
      return;
    }
    const problem = problemOf(error);
    // A reply that has begun, or waits for that of an earlier request, is not to be mixed with another.
    const isTaken = pending !== undefined && (pending.headersSent || pending.socket !== socket);
    if (problem === null || isTaken || !socket.writable || socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    socket.write(this.reply(problem));
    socket.destroySoon();
  }

  /** What was wrong came behind a whole request, which has its reply first. */
  private closeAfter(pending: ServerResponse, socket: Socket): void {
    if (this.last.has(pending)) return;
    this.last.add(pending);
    if (!pending.headersSent) pending.setHeader('Connection', 'close');
    pending.once('close', () => socket.destroySoon());
  }

  private reply(error: AuthError): string {
    const requestId = requestIdFrom({});
    const problem = ProblemDetails.of(error, requestId);
    const body = JSON.stringify(problem);
    const headers = Object.entries({
      ...problemHeaders(requestId, body, this.security),
      date: new Date().toUTCString(),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${headers.join('')}\r\n${body}`;
  }
}

/** Null: no fault of the request but of its connection, which can carry no reply. */
function problemOf({ code = '' }: { code?: string }): AuthError | null {
  if (TOO_LARGE.has(code)) return new AuthError('payload_too_large', { reason: code });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new AuthError('validation_failed', { reason: code, errors: [TOO_SLOW] });
  return code.startsWith('HPE_') ? new AuthError('validation_failed', { reason: code, errors: [UNPARSED] }) : null;
}
