import type { Caller } from '../access/caller.js';
import type { Exchange, Replier } from '../access/replier.js';
import type { TicketStrategy } from '../access/ticket-strategy.js';
import type { AuthSession, AuthUser, Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { SessionRecord } from './session-record.js';

export type { Transport } from '../kernel/auth-context.js';

/** A session just started, whose ticket has not been handed out yet. */
export interface StartedSession {
  readonly session: SessionRecord;
  /** `<session id>.<secret>`, when the strategy asked for a secret; exists only here and at the client. */
  readonly token: string | null;
}

/** The part of a reply's body that a strategy adds: the lifetimes of all tokens, and the tokens that the transport lets a script read. */
export interface DeliveredTickets {
  /** Seconds until the access token expires. */
  readonly expiresIn?: number;
  /** Seconds until the refresh token expires if it is not used. */
  readonly refreshExpiresIn?: number;
  readonly accessToken?: string;
  readonly tokenType?: 'Bearer';
  readonly refreshToken?: string;
}

/** A finished login. */
export interface Login {
  readonly status: 'authenticated';
  readonly user: AuthUser;
  readonly session: AuthSession;
  readonly tickets: DeliveredTickets;
  /** For a client that keeps its tokens itself, to send at its next login. */
  readonly deviceToken?: string;
}

/** How a strategy that begins with a login hands out its tickets and takes them back. */
export interface TicketDelivery {
  /** Whether `SessionStarts.start` must mint a secret for it. */
  readonly needsSecret: boolean;

  /** How its tickets can travel, the default first. */
  readonly transports: readonly Transport[];

  /** Hands the tickets of a started session to the client. */
  deliver(started: StartedSession, user: AuthUser, transport: Transport, exchange: Exchange): Promise<DeliveredTickets>;

  /** Whether the caller sends any of its tickets, good or not. */
  isPresentedBy(caller: Caller): boolean;

  /**
   * Every session that the caller can prove to hold, also when the ticket or the session has expired. Logout asks, so that
   * an old ticket still ends its session, and a planted one beside it saves none.
   */
  heldSessions(caller: Caller): Promise<string[]>;

  /** Clears this strategy's cookies in the reply. Ends nothing. */
  withdraw(caller: Caller, replier: Replier): void;
}

/** A strategy that a login can end in. */
export interface DeliveringStrategy extends TicketStrategy {
  readonly delivery: TicketDelivery;
}

/** Whether a login can end in this strategy. Others, such as keys made for machines, only recognise. */
export function delivers(strategy: TicketStrategy): strategy is DeliveringStrategy {
  return 'delivery' in strategy;
}

/** Returns the transport of a login's tickets. @throws AuthError `validation_failed` for a transport that the strategy does not have */
export function transportFor({ delivery, name }: DeliveringStrategy, requested: Transport | undefined): Transport {
  const [usual = 'cookie'] = delivery.transports;
  return requested === undefined ? usual : allowed(requested, delivery.transports, `with the strategy ${name}`);
}

/** From what a script can never read to what it can. */
const BY_EXPOSURE: readonly Transport[] = ['cookie', 'split', 'body'];

/**
 * How the tickets that replace a session's travel: as before, or where they are harder to read. A script that may use a cookie must not
 * learn its value by asking for another transport.
 *
 * @param usual as those of the session travel
 * @throws AuthError `validation_failed`
 */
export function renewedTransportFor(
  strategy: DeliveringStrategy,
  usual: Transport,
  requested: Transport | undefined,
): Transport {
  const chosen = transportFor(strategy, requested ?? usual);
  return allowed(chosen, BY_EXPOSURE.slice(0, BY_EXPOSURE.indexOf(usual) + 1), `in a session with transport ${usual}`);
}

function allowed(requested: Transport, transports: readonly Transport[], where: string): Transport {
  if (transports.includes(requested)) return requested;
  const message = `transport must be one of: ${transports.join(', ')} (${where})`;
  const errors = [{ field: 'transport', rule: 'isAvailable', message }];
  throw new AuthError('validation_failed', { reason: 'transport_unavailable', errors });
}
