import { Inject, Injectable } from '@nestjs/common';
import type { HttpRequest } from '../edge/http-exchange.js';
import { AuthError } from '../kernel/auth-error.js';
import { authorizationsOf, bearerTokensIn, dpopTokensIn } from './bearer-tokens.js';
import { type BearerClaim, STRATEGIES, type Ticket, type TicketStrategy } from './ticket-strategy.js';

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
  private readonly bearerShapes: readonly Shape[];
  private readonly dpopShapes: readonly Shape[];
  private readonly takesDpop: boolean;

  constructor(@Inject(STRATEGIES) strategies: readonly TicketStrategy[]) {
    this.ofRequest = strategies.filter(({ isOfConnection }) => !isOfConnection);
    this.ofConnection = strategies.filter(({ isOfConnection }) => isOfConnection);
    this.bearerShapes = strategies.map(({ bearerTokens }) => bearerTokens).filter(isShape);
    this.dpopShapes = strategies.map(({ dpopTokens }) => dpopTokens).filter(isShape);
    this.takesDpop = strategies.some(({ dpopTokens }) => dpopTokens !== 'none');
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
    const authorizations = authorizationsOf(request);
    const bearer = bearerTokensIn(authorizations);
    const dpop = this.takesDpop ? dpopTokensIn(authorizations) : NONE;
    // A client that sends a ticket over a connection with a certificate means the ticket.
    return this.only(this.ofRequest, request, bearer, dpop) ?? this.only(this.ofConnection, request, bearer, dpop);
  }

  private only(
    strategies: readonly TicketStrategy[],
    request: HttpRequest,
    bearer: readonly string[],
    dpop: readonly string[],
  ): FoundTicket | undefined {
    let found: FoundTicket | undefined;
    for (const strategy of strategies) {
      const own = bearer.length === 0 ? bearer : ownOf(strategy.bearerTokens, bearer, this.bearerShapes);
      for (const ticket of strategy.ticketsOf(request, own)) found = onlyOne(found, strategy, ticket);
      if (dpop.length === 0) continue;
      for (const value of ownOf(strategy.dpopTokens, dpop, this.dpopShapes))
        found = onlyOne(found, strategy, { value, carrier: 'header', isDpop: true });
    }
    return found;
  }
}

type Shape = (token: string) => boolean;

function isShape(claim: BearerClaim): claim is Shape {
  return typeof claim === 'function';
}

function ownOf(claim: BearerClaim, tokens: readonly string[], shapes: readonly Shape[]): readonly string[] {
  if (claim === 'none') return NONE;
  // Nearly always one: no list is made of it.
  if (claim !== 'rest' && tokens.length === 1) return claim(tokens[0]!) ? tokens : NONE;
  if (claim !== 'rest') return tokens.filter((token) => claim(token));
  return shapes.length === 0 ? tokens : tokens.filter((token) => !shapes.some((hasShape) => hasShape(token)));
}

/** @throws AuthError `unauthenticated` for a second one that differs, or that travelled by another scheme */
function onlyOne(found: FoundTicket | undefined, strategy: TicketStrategy, ticket: Ticket): FoundTicket {
  if (!found) return { strategy, ticket };
  // Which of two is meant cannot be told, and guessing lets a planted cookie win (CVE-2021-29624).
  const isSame = found.ticket.value === ticket.value && found.ticket.isDpop === ticket.isDpop;
  if (!isSame) throw new AuthError('unauthenticated', { reason: 'two_different_tickets' });
  return found;
}
