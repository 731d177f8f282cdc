import { type AuthContext, ticketIdOf } from '../kernel/auth-context.js';
import type { Subject } from '../revocation/revocation-feed.js';
import type { LiveSocket } from './live-socket.js';

/** One ticket of which connections live, however many there are. */
export interface LiveTicket {
  readonly key: string;
  readonly auth: AuthContext;
  readonly sockets: Set<LiveSocket>;
  /** The subjects whose revocation may end it; the first is the ticket itself, whose end always does. */
  readonly subjects: readonly Subject[];
  /** When to look again, in milliseconds of the clock. */
  dueAt: number;
  /** Whether something that may have changed it was announced since it was last looked at. */
  isSuspect: boolean;
  /** Since when it could not be looked at; null: it could. */
  failingSince: number | null;
}

/** Tickets with live connections, by what a revocation names. */
export class LiveTickets {
  private readonly byKey = new Map<string, LiveTicket>();
  private readonly bySubject = new Map<Subject, Set<LiveTicket>>();

  get size(): number {
    return this.byKey.size;
  }

  all(): IterableIterator<LiveTicket> {
    return this.byKey.values();
  }

  of(subject: Subject): readonly LiveTicket[] {
    return [...(this.bySubject.get(subject) ?? [])];
  }

  has(ticket: LiveTicket): boolean {
    return this.byKey.get(ticket.key) === ticket;
  }

  /**
   * The one that stands, or a new one.
   *
   * @param own the ticket itself and what it hangs on, if its strategy says so
   */
  ensure(auth: AuthContext, own?: readonly Subject[]): { ticket: LiveTicket; isNew: boolean } {
    const key = keyOf(auth);
    const known = this.byKey.get(key);
    if (known) return { ticket: known, isNew: false };
    const subjects = own ? [...own, `user:${auth.user.id}` as const] : subjectsOf(auth);
    const ticket: LiveTicket = {
      key,
      auth,
      sockets: new Set<LiveSocket>(),
      subjects,
      dueAt: Number.POSITIVE_INFINITY,
      isSuspect: false,
      failingSince: null,
    };
    this.byKey.set(key, ticket);
    for (const subject of subjects) this.bySubject.set(subject, (this.bySubject.get(subject) ?? new Set()).add(ticket));
    return { ticket, isNew: true };
  }

  delete(ticket: LiveTicket): void {
    if (!this.has(ticket)) return;
    this.byKey.delete(ticket.key);
    for (const subject of ticket.subjects) {
      const tickets = this.bySubject.get(subject);
      tickets?.delete(ticket);
      if (tickets?.size === 0) this.bySubject.delete(subject);
    }
  }
}

/**
 * Two access tokens of one session, or of one grant, end at different times; of one grant they may have different scopes. One from before a
 * change of the user is out of date.
 */
export function keyOf(auth: AuthContext): string {
  const end = (auth.by === 'session' ? auth.ticketExpiresAt : auth.credential.expiresAt)?.getTime() ?? '';
  const scopes = auth.by === 'session' ? '' : auth.scopes.join(' ');
  return `${auth.strategy}:${ticketIdOf(auth)}:${auth.user.revision}:${end}:${scopes}`;
}

function subjectsOf(auth: AuthContext): Subject[] {
  const user: Subject = `user:${auth.user.id}`;
  if (auth.by !== 'session') return [`key:${auth.credential.id}`, user];
  const { id, impersonatorId } = auth.session;
  return impersonatorId === null ? [`session:${id}`, user] : [`session:${id}`, user, `user:${impersonatorId}`];
}
