import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import type { Strategy } from '../access/strategy.js';
import type { AuthUser } from '../kernel/auth-context.js';
import type { SessionRecord } from './session.store.js';

/** How a client wants its tokens: both in the reply, both in cookies, or only the refresh token in a cookie. */
export type Transport = 'body' | 'cookie' | 'split';

/** A session just started, not yet told to anybody. */
export interface StartedSession {
  readonly session: SessionRecord;
  /** `<session id>.<secret>`, when the strategy asked for a secret; exists only here and at the client. */
  readonly token: string | null;
}

/** What goes into the reply's body; empty when the ticket travels in cookies only. */
export interface DeliveredTickets {
  readonly accessToken?: string;
  readonly tokenType?: 'Bearer';
  readonly expiresIn?: number;
  readonly refreshToken?: string;
}

/** What a strategy that begins with a login can do besides recognising: hand its tickets out, and take them back. */
export interface TicketDelivery {
  /** Whether `SessionService.start` must mint a secret for it. */
  readonly needsSecret: boolean;

  /** Hands the tickets of a started session to the client. */
  deliver(
    started: StartedSession,
    user: AuthUser,
    transport: Transport,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<DeliveredTickets>;

  /**
   * Every session that this request can prove to hold, also when the ticket or the session has run out. Logout asks, so that
   * an old ticket still ends its session, and a planted one beside it saves none.
   */
  heldSessions(request: HttpRequest): Promise<string[]>;

  /** How the tickets of this request travelled, so that new ones can travel alike. */
  transportOf(request: HttpRequest): Transport;

  /** Clears this strategy's cookies in the reply. Ends nothing. */
  withdraw(request: HttpRequest, reply: HttpReply): void;
}

/** A strategy that a login can end in. */
export interface DeliveringStrategy extends Strategy {
  readonly delivery: TicketDelivery;
}

/** Whether a login can end in this strategy. Others, such as keys made for machines, only recognise. */
export function delivers(strategy: Strategy): strategy is DeliveringStrategy {
  return 'delivery' in strategy;
}
