import { Inject, Injectable } from '@nestjs/common';
import type { HttpRequest } from '../edge/http-exchange.js';
import { AuthError } from '../kernel/auth-error.js';
import { bearerTokens } from './bearer-tokens.js';
import { STRATEGIES, type Ticket, type TicketStrategy } from './ticket-strategy.js';

/** A ticket, and the strategy that knows its kind. */
export interface FoundTicket {
  readonly strategy: TicketStrategy;
  readonly ticket: Ticket;
}

const NONE: readonly string[] = Object.freeze([]);

/** Which tickets a request carries, of the strategies that are switched on. Verifies none. */
@Injectable()
export class RequestTickets {
  private readonly ofRequest: readonly TicketStrategy[];
  private readonly ofConnection: readonly TicketStrategy[];
  private readonly shapes: readonly ((token: string) => boolean)[];

  constructor(@Inject(STRATEGIES) strategies: readonly TicketStrategy[]) {
    this.ofRequest = strategies.filter(({ isOfConnection }) => !isOfConnection);
    this.ofConnection = strategies.filter(({ isOfConnection }) => isOfConnection);
    this.shapes = strategies.map(({ bearerTokens: claim }) => claim).filter((claim) => typeof claim === 'function');
  }

  /**
   * The one ticket of the request; of the connection, if the request itself carries none.
   *
   * @throws AuthError `unauthenticated` without a ticket, or with two different ones
   */
  find(request: HttpRequest): FoundTicket {
    const found = this.seek(request);
    if (!found) throw new AuthError('unauthenticated', { reason: 'no_ticket' });
    return found;
  }

  /**
   * Whether the request or its connection carries any.
   *
   * @throws AuthError `unauthenticated` with two different ones
   */
  isAny(request: HttpRequest): boolean {
    return this.seek(request) !== undefined;
  }

  private seek(request: HttpRequest): FoundTicket | undefined {
    const bearer = bearerTokens(request);
    // Whoever sends a ticket over a connection with a certificate means the ticket.
    return this.only(this.ofRequest, request, bearer) ?? this.only(this.ofConnection, request, bearer);
  }

  private only(
    strategies: readonly TicketStrategy[],
    request: HttpRequest,
    bearer: readonly string[],
  ): FoundTicket | undefined {
    let found: FoundTicket | undefined;
    for (const strategy of strategies) {
      const own = bearer.length === 0 ? bearer : this.ownOf(strategy, bearer);
      for (const ticket of strategy.ticketsOf(request, own)) {
        // Which of two is meant cannot be told, and guessing lets a planted cookie win (CVE-2021-29624).
        if (found && found.ticket.value !== ticket.value) {
          throw new AuthError('unauthenticated', { reason: 'two_different_tickets' });
        }
        found ??= { strategy, ticket };
      }
    }
    return found;
  }

  private ownOf({ bearerTokens: claim }: TicketStrategy, bearer: readonly string[]): readonly string[] {
    if (claim === 'none') return NONE;
    if (claim !== 'rest') return bearer.filter((token) => claim(token));
    const { shapes } = this;
    return shapes.length === 0 ? bearer : bearer.filter((token) => !shapes.some((hasShape) => hasShape(token)));
  }
}
