import { Inject, Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import type { AuthContext, AuthUser, Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { SessionClaims } from './session-claims.js';
import type { HostNotes, StartSessionParams } from './session-params.js';
import { type SessionOwner, SessionStarts } from './session-starts.js';
import { type DeliveringStrategy, delivers, type Login, type StartedSession, transportFor } from './ticket-delivery.js';
import { toAuthSession } from './to-auth-session.js';

/** How a client wants to be recognised from now on. */
export interface TicketParams {
  /** Absent: the first of `AUTH_STRATEGIES`. */
  readonly strategy?: string | undefined;
  /** Absent: the strategy's default, `split` for `jwt`. */
  readonly transport?: Transport | undefined;
}

/** The strategy and transport that were chosen. */
export interface TicketChoice {
  readonly strategy: DeliveringStrategy;
  readonly transport: Transport;
}

type StartParams = Omit<StartSessionParams, 'strategy' | 'transport' | 'withSecret' | 'ip' | 'userAgent' | 'requestId'>;

/** Starts sessions and hands their tickets to clients, by whichever strategy. */
@Injectable()
export class SessionTickets {
  private readonly offered: readonly DeliveringStrategy[];

  constructor(
    @Inject(STRATEGIES) strategies: readonly TicketStrategy[],
    private readonly starts: SessionStarts,
    private readonly claims: SessionClaims,
  ) {
    this.offered = strategies.filter(delivers);
  }

  /** @throws AuthError `validation_failed` for a strategy that is not switched on, or a transport that it does not have */
  choose({ strategy: name, transport }: TicketParams): TicketChoice {
    const strategy = name === undefined ? this.offered[0] : this.named(name);
    if (strategy) return { strategy, transport: transportFor(strategy, transport) };
    const message = `strategy must be one of: ${this.offered.map((offered) => offered.name).join(', ')}`;
    const errors = [{ field: 'strategy', rule: 'isSwitchedOn', message }];
    throw new AuthError('validation_failed', { reason: 'strategy_switched_off', errors });
  }

  /** The strategy of a login. @throws AuthError `forbidden` for a ticket that does not come from one */
  strategyOf({ strategy: name }: AuthContext): DeliveringStrategy {
    const strategy = this.named(name);
    if (!strategy) throw new AuthError('forbidden', { reason: 'ticket_without_login' });
    return strategy;
  }

  /** A session whose ticket has not been handed out yet. Its user is as read before the proof was checked. */
  start(owner: SessionOwner, params: StartParams, choice: TicketChoice, { caller }: Exchange): Promise<StartedSession> {
    const { strategy, transport } = choice;
    const { ip, userAgent, requestId } = caller;
    const how = { strategy: strategy.name, transport, withSecret: strategy.delivery.needsSecret };
    return this.starts.start(owner, { ip, userAgent, requestId, ...params, ...how });
  }

  /** Asks the host for its notes on a session that is about to start. @throws AuthError as `SessionClaims.atLogin` */
  notesFor(
    user: AuthUser,
    { strategy }: TicketChoice,
    { caller }: Exchange,
    { amr, impersonatorId = null }: { readonly amr: readonly string[]; readonly impersonatorId?: string | null },
  ): Promise<HostNotes | undefined> {
    return this.claims.atLogin(user, { strategy: strategy.name, amr, impersonatorId, caller });
  }

  /** Hands the tickets of a started session to the client. */
  async deliver(started: StartedSession, user: AuthUser, choice: TicketChoice, exchange: Exchange): Promise<Login> {
    const { strategy, transport } = choice;
    const tickets = await strategy.delivery.deliver(started, user, transport, exchange);
    return { status: 'authenticated', user, session: toAuthSession(started.session, user.id), tickets };
  }

  private named(name: string): DeliveringStrategy | undefined {
    return this.offered.find((strategy) => strategy.name === name);
  }
}
