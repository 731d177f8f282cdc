import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { toAuthError } from '../http/problem-details.filter.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { type Announcement, EVERYTHING, UNSETTLED_SECONDS } from '../revocation/revocation-feed.js';
import type { RevocationView } from '../revocation/revocation-view.js';
import { RevocationWatch } from '../revocation/revocation-watch.js';
import { closeBecause, isOver, type LiveSocket, whenClosed } from './live-socket.js';
import { keyOf, type LiveTicket, LiveTickets } from './live-ticket.js';
import { STRATEGIES, type TicketStrategy } from './ticket-strategy.js';

const SWEEP_MILLISECONDS = 1_000;
/** How often a ticket is looked at whose end is not announced to this node. */
const POLL_MILLISECONDS = 30_000;
/** The same for acting sessions, which hang on the admin's own session too. */
const ACTING_POLL_MILLISECONDS = 5_000;
/** So long a ticket may be impossible to look at, before its connections are closed. */
const PATIENCE_MILLISECONDS = 30_000;
/** Tickets looked at together: after a lost lease it is all of them. */
const CONCURRENCY = 8;
/** Sockets closed in one turn of the event loop. */
const CLOSED_TOGETHER = 500;

/**
 * Closes connections when the ticket that opened them ends: at a logout, a ban, its expiry, a change of the user's roles, a revoked key.
 * On every node, told by the revocation feed: neither a message nor an idle connection costs a look-up. The guard tracks every socket
 * whose message it lets pass, {@link guardHandshakes} every socket that is opened; anything else that lasts may be tracked by hand.
 *
 * @example
 * @Get('prices') stream(@CurrentAuth() auth: AuthContext, @Res() reply: Response) {
 *   this.connections.track(reply, auth); // an event stream
 * }
 */
@Injectable()
export class LiveConnections implements RevocationView, BeforeApplicationShutdown {
  private readonly logger = new Logger('access');
  private readonly tickets = new LiveTickets();
  private readonly ofSockets = new WeakMap<LiveSocket, LiveTicket>();
  private readonly strategies: ReadonlyMap<string, TicketStrategy>;
  private readonly dirty = new Set<LiveTicket>();
  private sweeper: NodeJS.Timeout | undefined;
  private workers = 0;
  private isStopped = false;

  constructor(
    @Inject(STRATEGIES) strategies: readonly TicketStrategy[],
    private readonly watch: RevocationWatch,
    private readonly clock: Clock,
  ) {
    this.strategies = new Map(strategies.map((strategy) => [strategy.name, strategy]));
    watch.follow(this);
  }

  /** How many tickets have live connections. */
  get size(): number {
    return this.tickets.size;
  }

  /**
   * From now on the socket is closed when its ticket ends; at once, if that has ended already. Costs a few hundred bytes, until it closes.
   * Asked again with another ticket of its client, that one counts.
   */
  track(socket: LiveSocket, auth: AuthContext): void {
    const known = this.ofSockets.get(socket);
    if ((known && known.key === keyOf(auth)) || isOver(socket)) return;
    if (known) this.forget(socket, known);
    else whenClosed(socket, () => this.forget(socket));
    const { ticket, isNew } = this.tickets.ensure(auth, this.strategies.get(auth.strategy)?.subjectsOf?.(auth));
    ticket.sockets.add(socket);
    this.ofSockets.set(socket, ticket);
    this.sweeper ??= setInterval(() => this.sweep(), SWEEP_MILLISECONDS).unref();
    // It may have ended since it was recognised, before this connection was known.
    if (isNew) this.lookAt([ticket]);
  }

  /** By which ticket this socket is open; undefined when it is not tracked, or has been closed. */
  authOf(socket: LiveSocket): AuthContext | undefined {
    return this.ofSockets.get(socket)?.auth;
  }

  apply({ subject, kind, unsettled }: Announcement): void {
    if (subject === EVERYTHING && kind === 'ended') {
      for (const ticket of [...this.tickets.all()]) this.end(ticket, overOf(ticket, 'revoked'));
      return;
    }
    const concerned = subject === EVERYTHING ? [...this.tickets.all()] : this.tickets.of(subject);
    for (const ticket of concerned) {
      // A user's sessions need not have ended all, and what hung on a session may hang on another by now.
      if (kind === 'ended' && subject === ticket.subjects[0]) this.end(ticket, overOf(ticket, 'revoked'));
      // Nothing may have changed yet: whether it ever does is not announced for certain.
      else if (unsettled) ticket.dueAt = Math.min(ticket.dueAt, this.now() + (UNSETTLED_SECONDS + 1) * 1000);
    }
    this.suspect(concerned);
    // Which certificate is meant, only the strategy knows.
    if (/^key:(certificate|anchor)\//.test(subject)) this.endCertificates();
  }

  /** Revocations may have been missed. */
  clear(): void {
    if (!this.isStopped) this.suspect([...this.tickets.all()]);
  }

  beforeApplicationShutdown(): void {
    this.isStopped = true;
    clearInterval(this.sweeper);
  }

  private sweep(): void {
    const now = this.now();
    const due: LiveTicket[] = [];
    for (const ticket of this.tickets.all()) if (now >= ticket.dueAt) due.push(ticket);
    this.lookAt(due);
    if (this.tickets.size > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  private suspect(tickets: readonly LiveTicket[]): void {
    for (const ticket of tickets) ticket.isSuspect = true;
    this.lookAt(tickets);
  }

  /** A little later: the views that are asked must have applied the same revocation. */
  private lookAt(tickets: readonly LiveTicket[]): void {
    for (const ticket of tickets) if (this.tickets.has(ticket)) this.dirty.add(ticket);
    // Those at work may be waiting for a store: what is new must not wait behind it.
    for (let idle = Math.min(CONCURRENCY - this.workers, this.dirty.size); idle > 0; idle -= 1) {
      this.workers += 1;
      setImmediate(() => void this.work());
    }
  }

  private async work(): Promise<void> {
    for (const ticket of this.dirty) {
      this.dirty.delete(ticket);
      if (!this.isStopped && this.tickets.has(ticket)) await this.judge(ticket);
    }
    this.workers -= 1;
  }

  private async judge(ticket: LiveTicket): Promise<void> {
    const { auth } = ticket;
    try {
      const strategy = this.strategies.get(auth.strategy);
      const until = strategy?.recheck ? await strategy.recheck(auth) : untilOf(ticket);
      if (until !== null && until.getTime() <= this.now()) throw overOf(ticket, 'expired');
      ticket.failingSince = null;
      ticket.isSuspect = false;
      ticket.dueAt = Math.min(until?.getTime() ?? Number.POSITIVE_INFINITY, this.nextPoll(auth));
    } catch (thrown) {
      const error = toAuthError(thrown);
      if (error.status < 500) this.end(ticket, error);
      else this.wait(ticket, error);
    }
  }

  private nextPoll(auth: AuthContext): number {
    if (auth.by === 'session' && auth.session.impersonatorId !== null) return this.now() + ACTING_POLL_MILLISECONDS;
    const canAsk = this.strategies.get(auth.strategy)?.recheck !== undefined;
    return !canAsk || this.watch.isTold() ? Number.POSITIVE_INFINITY : this.now() + POLL_MILLISECONDS;
  }

  private wait(ticket: LiveTicket, error: AuthError): void {
    const now = this.now();
    ticket.failingSince ??= now;
    ticket.dueAt = now + SWEEP_MILLISECONDS;
    if (now - ticket.failingSince < PATIENCE_MILLISECONDS) return;
    const unavailable = new AuthError('unavailable', { reason: 'ticket_cannot_be_rechecked', cause: error });
    this.logger.warn(`${ticket.sockets.size} connections are closed: their ticket cannot be looked up`);
    this.end(ticket, unavailable);
  }

  private endCertificates(): void {
    for (const ticket of [...this.tickets.all()]) {
      if (ticket.auth.by === 'certificate') this.end(ticket, overOf(ticket, 'certificate_changed'));
    }
  }

  /** None of its sockets is known any more from here on; they are closed some at a time. */
  private end(ticket: LiveTicket, error: AuthError): void {
    this.tickets.delete(ticket);
    const sockets = [...ticket.sockets];
    ticket.sockets.clear();
    for (const socket of sockets) this.ofSockets.delete(socket);
    const id = randomUUID();
    if (sockets.length > 0) this.logger.debug(`${sockets.length} connections are closed: ${error.message} [${id}]`);
    const closeSome = () => {
      for (const socket of sockets.splice(-CLOSED_TOGETHER)) closeBecause(socket, error, id);
      if (sockets.length > 0) setImmediate(closeSome);
    };
    closeSome();
  }

  private forget(socket: LiveSocket, ticket = this.ofSockets.get(socket)): void {
    if (!ticket) return;
    this.ofSockets.delete(socket);
    ticket.sockets.delete(socket);
    if (ticket.sockets.size === 0) this.tickets.delete(ticket);
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

/** Where its strategy cannot look again: as it was recognised, if nothing was announced since. @throws AuthError */
function untilOf(ticket: LiveTicket): Date | null {
  const { auth, isSuspect } = ticket;
  if (isSuspect) throw overOf(ticket, 'cannot_be_rechecked');
  return auth.by === 'session' ? auth.session.expiresAt : auth.credential.expiresAt;
}

function overOf({ auth }: LiveTicket, reason: string): AuthError {
  // What a client was granted ends as a session does.
  const hasEnded = auth.by === 'session' || auth.client !== undefined;
  return new AuthError(hasEnded ? 'session_ended' : 'unauthenticated', { reason });
}
