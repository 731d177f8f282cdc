import type { INestApplicationContext, WebSocketAdapter } from '@nestjs/common';
import type { Handshake } from '../edge/handshake.js';
import { rememberHandshake } from '../edge/socket-edge.js';
import { Handshakes } from './handshakes.js';
import type { LiveSocket } from './live-socket.js';

/** How `guardHandshakes` treats the connections of a socket server. */
export interface HandshakeSettings {
  /** Whether sockets may be opened without a ticket, for messages that are `@Public()`. Default false: they are refused. */
  readonly anonymous?: boolean;
}

/** A server or namespace of socket.io. */
interface IoServer {
  use?(middleware: (socket: object, next: (refusal?: Error) => void) => void): unknown;
}

/**
 * Makes Nest's WebSocket adapter (socket.io or `ws`) authenticate each handshake, and close the socket when the session ends.
 * `verifyClient` and `allowRequest` of a gateway's own are asked after that.
 *
 * @example
 * app.useWebSocketAdapter(guardHandshakes(new IoAdapter(app), app));
 * app.useWebSocketAdapter(guardHandshakes(new WsAdapter(app), app));
 * @returns the same adapter
 */
export function guardHandshakes<Adapter extends WebSocketAdapter>(
  adapter: Adapter,
  app: INestApplicationContext,
  settings: HandshakeSettings = {},
): Adapter {
  const handshakes = app.get(Handshakes, { strict: false });
  const create = adapter.create.bind(adapter);
  const bindClientConnect = adapter.bindClientConnect.bind(adapter);
  const guarded = new WeakSet<object>();
  adapter.create = (port: number, options: GatewayOptions = {}) =>
    create(port, {
      ...options,
      verifyClient: inTurn(handshakes.verifyClient(settings), options.verifyClient),
      allowRequest: inTurn(handshakes.allowRequest(settings), options.allowRequest),
    });
  adapter.bindClientConnect = (server: IoServer, callback: (...args: unknown[]) => void) => {
    if (typeof server.use === 'function' && !guarded.has(server)) server.use(handshakes.socketMiddleware(settings));
    guarded.add(server);
    bindClientConnect(server, (client: LiveSocket, ...rest: unknown[]) => {
      const [handshake] = rest as [Handshake | undefined];
      // A plain WebSocket does not know what opened it.
      if (handshake?.rawHeaders) rememberHandshake(client, handshake);
      handshakes.track(client, handshake?.rawHeaders ? handshake : client);
      callback(client, ...rest);
    });
  };
  return adapter;
}

interface GatewayOptions {
  readonly verifyClient?: Check;
  readonly allowRequest?: Check;
  readonly [option: string]: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the two libraries call theirs differently
type Check = (given: any, done: (...result: any[]) => void) => unknown;

/** Both must admit. `ws` also takes a check without a callback, which answers whether it does. */
function inTurn(ours: Check, theirs: Check | undefined): Check {
  if (!theirs) return ours;
  return (given, done) =>
    ours(given, (...result) => {
      const isAdmitted = result[0] === true || result[1] === true;
      if (!isAdmitted) done(...result);
      else if (theirs.length >= 2) theirs(given, done);
      else done(theirs(given, done));
    });
}
