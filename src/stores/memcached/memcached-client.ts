import type { Socket } from 'node:net';
import { AuthError } from '../../kernel/auth-error.js';
import type { Memjs, MemjsResponse, MemjsServer } from './memjs.js';

/** No request waits longer for an answer of Memcached. */
const ANSWER_TIMEOUT_MS = 2_000;
/** memjs's own limits never come first: it goes on using a connection that they ended. */
const NEVER_SECONDS = 3600;
const RETRY_AFTER_SECONDS = 2;

/** A command of the binary protocol. */
export interface Command {
  readonly opcode: number;
  readonly key: string;
  readonly extras?: Buffer;
  readonly value?: string;
  readonly cas?: Buffer;
}

export interface Answer extends MemjsResponse {
  /** Which connection it came over. */
  readonly connection: object;
}

/**
 * The way to one server. A connection that failed in any way is never used again: memjs would read the rest of an old answer
 * as the beginning of the next.
 */
export class MemcachedClient {
  private server: MemjsServer | null = null;
  private socket: Socket | undefined;
  private opaque = 0;
  /** The last answer did not come. */
  private isSuspect = false;
  private waiting = 0;

  constructor(
    private readonly memjs: Memjs,
    private readonly address: {
      host: string;
      port: number;
      username: string | undefined;
      password: string | undefined;
    },
  ) {}

  /**
   * Sends a command, over the connection `only` if one is given; null when that has ended.
   *
   * @throws AuthError `unavailable`
   */
  exchange({ opcode, key, extras, value, cas }: Command, only?: object): Promise<Answer | null> {
    if (only && only !== this.server) return Promise.resolve(null);
    // A silent server costs one wait at a time, not one for each request.
    if (this.isSuspect && this.waiting > 0) return Promise.reject(unavailable('no answer in time'));
    this.server ??= this.create();
    this.opaque = (this.opaque + 1) >>> 0;
    const request = this.memjs.Utils.makeRequestBuffer(opcode, key, extras ?? '', value ?? '', this.opaque);
    cas?.copy(request, 16);
    return this.ask(this.server, request, this.opaque);
  }

  close(): void {
    if (this.server) this.discard(this.server, new Error('closed'));
  }

  private ask(server: MemjsServer, request: Buffer, opaque: number): Promise<Answer> {
    this.waiting += 1;
    const answer = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.isSuspect = true;
        this.discard(server, new Error('no answer in time'));
      }, ANSWER_TIMEOUT_MS);
      server.onResponse(opaque, (response) => {
        clearTimeout(timer);
        this.isSuspect = false;
        resolve({ ...response, connection: server });
      });
      server.onError(opaque, (error) => {
        clearTimeout(timer);
        reject(unavailable(error));
        this.discard(server, error);
      });
      server.write(request);
      this.watch(server);
    });
    return answer.finally(() => {
      this.waiting -= 1;
    });
  }

  private create(): MemjsServer {
    const { host, port, username, password } = this.address;
    const limits = { timeout: NEVER_SECONDS, conntimeout: NEVER_SECONDS, keepAlive: true };
    const server = new this.memjs.Server(host, port, '', '', limits);
    // Set afterwards: it would look into environment variables of its own for what is absent.
    server.username = username;
    server.password = password;
    this.socket = undefined;
    return server;
  }

  /** memjs does not report when the other side ends the connection in good order: callers would wait for ever. */
  private watch(server: MemjsServer): void {
    if (this.socket || this.server !== server || !server._socket) return;
    this.socket = server._socket;
    this.socket.once('close', () => this.discard(server, new Error('connection closed')));
  }

  private discard(server: MemjsServer, error: unknown): void {
    if (this.server === server) {
      this.server = null;
      this.socket?.destroy();
    }
    server.error(error);
  }
}

/** @param cause what gave it away, for the log */
export function unavailable(cause: unknown): AuthError {
  const { code, message } = cause as { code?: string; message?: string };
  const reason = `memcached_unreachable (${code ?? message ?? String(cause)})`;
  return new AuthError('unavailable', { reason, cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
}
