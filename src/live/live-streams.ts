import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, StreamableFile } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LiveConnections } from '../access/live-connections.js';
import type { LiveSocket } from '../access/live-socket.js';
import type { FedEvent } from '../audit/audit-feed.js';
import type { HttpExchange, HttpRequest } from '../edge/http-exchange.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { LiveFeed, type LiveNews } from './live-feed.js';
import { LivePositions } from './live-positions.js';

/** Streams that one node holds open, so that no number of open pages can exhaust it. */
const MOST_STREAMS = 50;
/** Of all who are no admins, so that they cannot keep those from the desk. */
const MOST_OF_USERS = 40;
/** Of one user, so that none can keep all others from theirs: a further one ends the oldest. */
const MOST_OF_A_USER = 5;
/** Then the reader asks again, if it still looks. */
const STREAM_MILLISECONDS = 15 * 60_000;
/** Less than the half minute after which common proxies cut a silent connection. */
const HEARTBEAT_MILLISECONDS = 15_000;
/** The bytes that a client may leave unread before it is disconnected. */
const UNREAD_BYTES = 64 * 1024;
/** How long a stopping node waits for clients that have not read everything. */
const FAREWELL_MILLISECONDS = 1_000;
/** How soon a browser asks again that was cut off. */
const RETRY_MILLISECONDS = 2_000;

/** The selection of events that a reader gets. */
export interface LiveInterest {
  /** Whether this event changes what the page shows. */
  concerns(event: FedEvent): boolean;
  /** The page is also to be read anew this often, in seconds; absent: only when something happened. */
  readonly everySeconds?: number;
}

/** Events by which the session that they name is over. */
const ENDS: ReadonlySet<string> = new Set(['session.revoked', 'session.replaced', 'logout']);

/**
 * Server-sent events for open pages (WHATWG HTML §9.2). The event `change` has the data `{"gone": [<session id>, …]}`: what has ended, while all
 * else may have changed too, and is to be read anew. Each has an `id`, from which the reader goes on after an interruption, on whichever
 * node. A stream ends with the session of its reader, after 15 minutes (`over`), and when the node stops.
 */
@Injectable()
export class LiveStreams implements BeforeApplicationShutdown {
  /** With whose they are, the oldest first. */
  private readonly open = new Map<PassThrough, string>();
  private isStopping = false;

  constructor(
    private readonly feed: LiveFeed,
    private readonly positions: LivePositions,
    private readonly connections: LiveConnections,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** How many readers there are on this node. */
  get size(): number {
    return this.open.size;
  }

  /** From where a page is to be followed: asked before what it shows is read. */
  async positionNow(): Promise<string> {
    return this.positions.seal(await this.feed.position());
  }

  /**
   * Follows from where the client left off (`Last-Event-ID`), or else from `after`. Without either, or from too long ago, the reader is told
   * at once to read its page anew.
   *
   * @throws AuthError `unavailable` when this node has as many readers as it takes, and when it stops
   */
  async follow(
    after: string | undefined,
    interest: LiveInterest,
    auth: AuthContext,
    { request, reply }: HttpExchange,
  ): Promise<StreamableFile> {
    if (this.isStopping) throw new AuthError('unavailable', { reason: 'node_stops', retryAfterSeconds: 1 });
    this.endOldestOf(auth.user.id);
    if (this.open.size >= (auth.user.roles.includes(ADMIN_ROLE) ? MOST_STREAMS : MOST_OF_USERS)) {
      throw new AuthError('unavailable', { reason: 'too_many_live_streams', retryAfterSeconds: 60 });
    }
    const stream = new PassThrough({ highWaterMark: UNREAD_BYTES });
    this.open.set(stream, auth.user.id);
    const raw = ((reply as { readonly raw?: LiveSocket }).raw ?? reply) as LiveSocket;
    // Express leaves the source open when the client goes.
    raw.once('close', () => stream.destroy());
    try {
      await this.fill(stream, this.positions.open(request.headers['last-event-id'] ?? after), interest);
    } catch (error) {
      this.open.delete(stream);
      stream.destroy();
      throw error;
    }
    this.connections.track(raw, auth);
    if (raw.destroyed) stream.destroy();
    const { httpAdapter } = this.adapterHost;
    httpAdapter.setHeader(reply, 'Cache-Control', 'no-store');
    // Else a connection would be idle for a minute after its stream, and a node that stops would wait for it. HTTP/2 has no such header.
    if (messageOf(request).httpVersionMajor === 1) httpAdapter.setHeader(reply, 'Connection', 'close');
    // nginx would collect what is to be there at once.
    httpAdapter.setHeader(reply, 'X-Accel-Buffering', 'no');
    httpAdapter.setHeader(reply, 'X-Content-Type-Options', 'nosniff');
    return new StreamableFile(stream, { type: 'text/event-stream; charset=utf-8' });
  }

  beforeApplicationShutdown(): void {
    // A connection that is open already may ask for another one: nothing would end that.
    this.isStopping = true;
    for (const stream of this.open.keys()) {
      stream.end();
      setTimeout(() => stream.destroy(), FAREWELL_MILLISECONDS).unref();
    }
  }

  private endOldestOf(userId: string): void {
    const own = [...this.open].filter(([, reader]) => reader === userId);
    if (own.length < MOST_OF_A_USER) return;
    const [[oldest]] = own as [[PassThrough, string]];
    this.open.delete(oldest);
    endAsOver(oldest);
  }

  private async fill(stream: PassThrough, position: string | null, interest: LiveInterest): Promise<void> {
    const from = position ?? (await this.feed.position());
    let known = from;
    const write = (text: string) => {
      if (stream.writableEnded || stream.destroyed) return;
      stream.write(text);
      // It reads no more: what it misses comes when it asks again.
      if (stream.writableNeedDrain) stream.destroy();
    };
    const change = (gone: readonly string[]) =>
      write(`id: ${this.positions.seal(known)}\nevent: change\ndata: ${JSON.stringify({ gone })}\n\n`);
    write(`retry: ${RETRY_MILLISECONDS}\n\n`);
    if (position === null) change([]);
    const timers = [
      // An id without data moves the place to go on from, and is no event.
      setInterval(() => write(`id: ${this.positions.seal(known)}\n\n`), HEARTBEAT_MILLISECONDS),
      setInterval(() => endAsOver(stream), STREAM_MILLISECONDS),
      ...(interest.everySeconds ? [setInterval(() => change([]), interest.everySeconds * 1000)] : []),
    ];
    let stop = () => {};
    // Before anything is awaited: it may be over by then.
    stream.once('close', () => {
      stop();
      this.open.delete(stream);
      for (const timer of timers) clearInterval(timer);
    });
    for (const timer of timers) timer.unref();
    stop = await this.feed.listen(from, (news) => {
      known = news.position;
      const gone = goneOf(news, interest);
      if (gone) change(gone);
    });
    if (stream.destroyed) stop();
  }
}

/** Node's own request, of either framework. */
function messageOf(request: HttpRequest): IncomingMessage {
  return (request.raw ?? request) as unknown as IncomingMessage;
}

/** The reader asks again when it is looked at. */
function endAsOver(stream: PassThrough): void {
  if (stream.writableEnded || stream.destroyed) return;
  stream.end('event: over\ndata:\n\n');
}

/** Ids of the sessions that are over; null when nothing concerns this reader. */
function goneOf({ events, isCut }: LiveNews, interest: LiveInterest): string[] | null {
  const concerning = events.filter((event) => interest.concerns(event));
  if (concerning.length === 0 && !isCut) return null;
  const gone = concerning.filter(({ type, sessionId }) => sessionId !== null && ENDS.has(type));
  return [...new Set(gone.map(({ sessionId }) => sessionId!))];
}
