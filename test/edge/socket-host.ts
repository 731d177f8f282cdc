import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { type Caller, CurrentCaller } from '../../src/access/caller.js';
import { guardHandshakes, type HandshakeSettings } from '../../src/access/guard-handshakes.js';
import { Public } from '../../src/access/public.decorator.js';
import { CurrentAuth, CurrentSession, CurrentUser, Roles, Scopes } from '../../src/access/route-decorators.js';
import { StepUp } from '../../src/access/step-up.js';
import type { AuthContext, AuthSession, AuthUser } from '../../src/kernel/auth-context.js';
import { RateLimited } from '../../src/limits/rate-limited.decorator.js';
import type { TestClient, TestUser } from '../../src/testing/index.js';

export const LIBRARIES = ['socket.io', 'ws'] as const;
export type Library = (typeof LIBRARIES)[number];

@WebSocketGateway()
export class ShopGateway {
  handled = 0;

  @WebSocketServer()
  server!: { clients?: Set<WebSocket>; emit(event: string, data: unknown): void };

  @SubscribeMessage('me')
  me(
    @CurrentUser() user: AuthUser,
    @CurrentAuth() { by, strategy }: AuthContext,
    @CurrentSession() session: AuthSession,
    @CurrentCaller() { ip }: Caller,
  ) {
    this.handled += 1;
    return { event: 'me', data: { user: user.id, by, strategy, session: session.id, ip } };
  }

  @Public()
  @SubscribeMessage('open')
  open(@CurrentUser() user: AuthUser | undefined, @MessageBody() data: unknown) {
    return { event: 'open', data: { user: user?.id ?? null, data } };
  }

  @Roles('boss')
  @SubscribeMessage('boss')
  boss() {
    this.handled += 1;
    return { event: 'boss', data: {} };
  }

  @StepUp({ maxAgeSeconds: 60 })
  @SubscribeMessage('fresh')
  fresh() {
    return { event: 'fresh', data: {} };
  }

  @Scopes('shop:read')
  @SubscribeMessage('machine')
  machine(@CurrentAuth() { by }: AuthContext) {
    return { event: 'machine', data: { by } };
  }

  @RateLimited({ most: { user: 2 }, windowSeconds: 60 })
  @SubscribeMessage('limited')
  limited() {
    return { event: 'limited', data: {} };
  }
}

export const useSockets = (library: Library, settings?: HandshakeSettings) => (app: INestApplication) => {
  const adapter = library === 'ws' ? new WsAdapter(app) : new IoAdapter(app);
  app.useWebSocketAdapter(guardHandshakes(adapter, app, settings));
};

/** A client of either library. */
export interface AnySocket {
  /** Sends a message, and gives the next event that comes back. */
  ask(event: string, data?: unknown): Promise<{ event: string; data: Record<string, unknown> }>;
  /** Why it was closed: the last exception of socket.io, the reason of a WebSocket. */
  readonly closed: Promise<string>;
  close(): void;
}

interface Opening {
  readonly headers?: Record<string, string>;
  readonly token?: string;
  readonly query?: string;
}

/** What a browser, or another client, sends with the handshake of a logged-in user. */
export function ticketOf(user: TestClient): Record<string, string> {
  const cookies = ['session', 'access'].flatMap((name) => {
    const value = user.cookie(name);
    return value ? [`${name}=${value}`] : [];
  });
  return { ...user.defaults, ...(cookies.length > 0 && { cookie: cookies.join('; ') }) };
}

export function openAs(library: Library, url: string, user: TestUser, more: Opening = {}): Promise<AnySocket> {
  return open(library, url, { ...more, headers: { ...ticketOf(user), ...more.headers } });
}

/** @throws Error with the status and code of the refusal, as far as the library shows them */
export function open(library: Library, url: string, opening: Opening = {}): Promise<AnySocket> {
  return library === 'ws' ? openWs(url, opening) : openIo(url, opening);
}

function openIo(url: string, { headers, token, query = '' }: Opening): Promise<AnySocket> {
  const auth = token === undefined ? undefined : { token };
  const socket: Socket = io(url + query, {
    extraHeaders: headers,
    auth,
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
  });
  return new Promise((resolve, reject) => {
    const waiting: ((got: { event: string; data: Record<string, unknown> }) => void)[] = [];
    let last = '';
    socket.onAny((event, data) => {
      if (event === 'exception') last = data.code;
      waiting.shift()?.({ event, data });
    });
    const closed = new Promise<string>((done) => socket.on('disconnect', () => done(last)));
    socket.on('connect_error', (error) => {
      socket.close();
      const refusal = (error as { data?: { code?: string } }).data?.code;
      const context = (error as { context?: { _req?: { res?: unknown } } }).context;
      reject(new Error(refusal ?? `${error.message} ${context ? 'at the handshake' : ''}`));
    });
    socket.on('connect', () => {
      const ask = (event: string, data: unknown = {}) =>
        new Promise<{ event: string; data: Record<string, unknown> }>((done) => {
          waiting.push(done);
          socket.emit(event, data);
        });
      resolve({ ask, closed, close: () => socket.close() });
    });
  });
}

function openWs(url: string, { headers, query = '' }: Opening): Promise<AnySocket> {
  const socket = new WebSocket(url.replace('http', 'ws') + (query ? `/${query}` : ''), { headers });
  return new Promise((resolve, reject) => {
    const waiting: ((got: { event: string; data: Record<string, unknown> }) => void)[] = [];
    socket.on('message', (text) => waiting.shift()?.(JSON.parse(String(text))));
    const closed = new Promise<string>((done) => socket.on('close', (code, reason) => done(`${code} ${reason}`)));
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => reject(new Error(`${response.statusCode} ${JSON.parse(body).code}`)));
    });
    socket.on('open', () => {
      const ask = (event: string, data: unknown = {}) =>
        new Promise<{ event: string; data: Record<string, unknown> }>((done) => {
          waiting.push(done);
          socket.send(JSON.stringify({ event, data }));
        });
      resolve({ ask, closed, close: () => socket.terminate() });
    });
  });
}
