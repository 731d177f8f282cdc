import { Injectable, Logger } from '@nestjs/common';
import type { GraphqlConnection } from '../edge/graphql-edge.js';
import { authorizationsIn, type Handshake, handshakeRequest } from '../edge/handshake.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { requestOfSocket } from '../edge/socket-edge.js';
import { toAuthError } from '../http/problem-details.filter.js';
import { ProblemDetails } from '../http/problem-details.js';
import { refusalPayload } from '../http/refusal-forms.js';
import { requestIdOf } from '../http/request-id.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { CsrfGuard } from './csrf.guard.js';
import { assertOneHost } from './host-header.js';
import { LiveConnections } from './live-connections.js';
import type { LiveSocket } from './live-socket.js';
import { Repliers } from './replier.js';
import { RequestRecognizer } from './request-recognizer.js';

/** The function that `ws` takes as `verifyClient`. */
type VerifyClient = (
  info: { readonly req: Handshake },
  verified: (isAdmitted: boolean, status?: number, text?: string, headers?: Record<string, string>) => void,
) => void;

/** The function that socket.io takes as `allowRequest`. */
type AllowRequest = (
  handshake: Handshake,
  done: (refusal: string | null | undefined, isAdmitted: boolean) => void,
) => void;

/**
 * Authenticates the request that opens a WebSocket, and refuses what HTTP would refuse: invalid tickets, two different ones, and pages of
 * other origins that would use the user's cookie (a browser lets any page open a WebSocket anywhere). `guardHandshakes` uses it for Nest's
 * gateways; GraphQL servers take its functions as options.
 */
@Injectable()
export class Handshakes {
  private readonly logger = new Logger('access');
  private readonly recognised = new WeakMap<object, AuthContext | null>();

  constructor(
    private readonly recognizer: RequestRecognizer,
    private readonly csrfGuard: CsrfGuard,
    private readonly repliers: Repliers,
    private readonly connections: LiveConnections,
  ) {}

  /**
   * @param request as the seam gives it, or Node's own message of an upgrade
   * @returns null when it carries no ticket
   * @throws AuthError as the guard does: `unauthenticated`, `token_expired`, `session_ended`, `csrf_rejected`, `rate_limited`,
   *   `unavailable`; `forbidden` for a session that is good for enrolling a factor only
   */
  async recognize(request: HttpRequest): Promise<AuthContext | null> {
    assertOneHost(request.rawHeaders, request.url);
    const recognition = await this.recognizeTicket(request);
    if (recognition === null) return null;
    const { context: auth, carrier, charge } = recognition;
    if (carrier !== 'header') this.csrfGuard.assertSameSite(request, true);
    if (auth.by === 'session' && auth.session.onlyFor !== null)
      throw new AuthError('forbidden', { reason: 'session_only_for_enrolment' });
    await charge?.(this.repliers.of(undefined));
    request.auth = auth;
    request.user = auth.user;
    return auth;
  }

  /** For `ws`, and what is built on it (Mercurius): refuses with problem details. Connections without a ticket are admitted if `anonymous`. */
  verifyClient({ anonymous = false } = {}): VerifyClient {
    return ({ req }, verified) => {
      const request = handshakeRequest(req, req, []);
      this.admit(request, anonymous).then(
        (auth) => {
          this.recognised.set(req, auth);
          verified(true);
        },
        (thrown) => {
          const { error, requestId } = this.refused(thrown, request);
          const headers = { 'Content-Type': 'application/problem+json; charset=utf-8', 'X-Request-Id': requestId };
          verified(false, error.status, JSON.stringify(ProblemDetails.of(error, requestId)), headers);
        },
      );
    };
  }

  /** For socket.io: its own reply carries our code. A bearer token may follow only after this request, so none is no refusal. */
  allowRequest({ anonymous = false } = {}): AllowRequest {
    return (handshake, done) => {
      const request = handshakeRequest(handshake, handshake, []);
      const admitted = anonymous ? this.admit(request, true) : this.recognize(request);
      admitted.then(
        () => done(null, true),
        (thrown) => done(this.refused(thrown, request).error.code, false),
      );
    };
  }

  /** For socket.io's `use`: by the request, or by `auth: { token }` of the client. Its `connect_error` carries our code. */
  socketMiddleware({ anonymous = false } = {}) {
    return (socket: object, next: (refusal?: Error) => void): void => {
      const connect = async () => {
        this.recognised.set(socket, await this.admit(requestOfSocket(socket)!, anonymous));
      };
      connect().then(
        () => next(),
        (thrown) => {
          const { error, requestId } = this.refused(thrown, socket);
          next(Object.assign(new Error(error.code), { data: refusalPayload(error, requestId) }));
        },
      );
    };
  }

  /**
   * For `onConnect` of GraphQL over WebSocket (graphql-ws): by the request, or by `connectionParams: { authorization: 'Bearer …' }`.
   * Closes a connection that it refuses with 4401 or 4403 and our code.
   */
  async openGraphql(
    connection: { readonly connectionParams?: unknown; readonly extra?: unknown },
    { anonymous = false } = {},
  ): Promise<boolean> {
    const { request: handshake, socket } = (connection as GraphqlConnection).extra ?? {};
    try {
      if (!handshake) throw new AuthError('forbidden', { reason: 'no_handshake_in_connection' });
      const request = handshakeRequest(connection, handshake, authorizationsIn(connection.connectionParams));
      this.opened(socket as LiveSocket | undefined, await this.admit(request, anonymous));
      return true;
    } catch (thrown) {
      const { error } = this.refused(thrown, handshake ?? {});
      (socket as LiveSocket | undefined)?.close?.(error.status === 401 ? 4401 : 4403, error.code);
      return false;
    }
  }

  /** Tracks a socket that is open now, and was admitted: a WebSocket by its handshake, one of socket.io itself. */
  track(socket: LiveSocket, handshake: object): void {
    this.opened(socket, this.recognised.get(handshake) ?? null);
  }

  private opened(socket: LiveSocket | undefined, auth: AuthContext | null): void {
    if (socket && auth) this.connections.track(socket, auth);
  }

  private async admit(request: HttpRequest, anonymous: boolean): Promise<AuthContext | null> {
    // A cookie that has expired must not keep its browser out where no ticket is needed.
    const auth = await this.recognize(request).catch((thrown) => {
      if (anonymous && toAuthError(thrown).status === 401) return null;
      throw thrown;
    });
    if (auth === null && !anonymous) throw new AuthError('unauthenticated', { reason: 'no_ticket' });
    return auth;
  }

  private async recognizeTicket(request: HttpRequest) {
    try {
      return await this.recognizer.recognize(request, undefined, {});
    } catch (thrown) {
      if (thrown instanceof AuthError && thrown.reason === 'no_ticket') return null;
      throw thrown;
    }
  }

  private refused(thrown: unknown, request: object) {
    const error = toAuthError(thrown);
    const requestId = requestIdOf({ headers: {}, ...request });
    if (error.status < 500) this.logger.debug(`handshake refused: ${error.message} [${requestId}]`);
    else this.logger.warn(`handshake refused: ${error.message} [${requestId}]`);
    return { error, requestId };
  }
}
