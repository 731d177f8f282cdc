import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Authenticator } from 'passport';
import type { AuthContext, StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { HttpRequest } from './http-exchange.js';
import { AUTHENTICATOR, STRATEGIES, type Strategy, type Ticket } from './strategy.js';

/** Whom a request comes from, and how its ticket travelled. */
export interface Recognition {
  readonly context: AuthContext;
  readonly carrier: Ticket['carrier'];
}

/** Finds the one ticket in a request and has its Passport strategy judge it. */
@Injectable()
export class RequestRecognizer {
  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: InstanceType<typeof Authenticator>,
    @Inject(STRATEGIES) private readonly strategies: readonly Strategy[],
  ) {}

  /**
   * @param allowed strategies this route takes; absent: all that are switched on
   * @throws AuthError `unauthenticated` without a ticket, with two different ones, or with one that was never valid
   * @throws AuthError `token_expired`, `session_ended`, `unavailable` as the strategy finds
   * @returns a promise only when the strategy has to ask somebody; otherwise it answers, or throws, at once
   */
  recognize(request: HttpRequest, allowed?: readonly StrategyName[]): Recognition | Promise<Recognition> {
    const { strategy, ticket } = this.onlyTicket(request);
    if (allowed && !allowed.includes(strategy.name)) {
      throw new AuthError('unauthenticated', { reason: 'strategy_not_allowed_here' });
    }
    const { carrier } = ticket;
    const context = this.ask(strategy.name, request);
    return context instanceof Promise ? context.then((later) => ({ context: later, carrier })) : { context, carrier };
  }

  private onlyTicket(request: HttpRequest): { strategy: Strategy; ticket: Ticket } {
    let found: { strategy: Strategy; ticket: Ticket } | undefined;
    for (const strategy of this.strategies) {
      for (const ticket of strategy.ticketsOf(request)) {
        // Which of two is meant cannot be told, and guessing lets a planted cookie win (CVE-2021-29624).
        if (found && found.ticket.value !== ticket.value) {
          throw new AuthError('unauthenticated', { reason: 'two_different_tickets' });
        }
        found ??= { strategy, ticket };
      }
    }
    if (!found) throw new AuthError('unauthenticated', { reason: 'no_ticket' });
    return found;
  }

  private ask(name: StrategyName, request: HttpRequest): AuthContext | Promise<AuthContext> {
    let judgement: (() => AuthContext) | undefined;
    let deliver: ((judged: () => AuthContext) => void) | undefined;
    const judge = (judged: () => AuthContext) => {
      judgement = judged;
      deliver?.(judged);
    };
    const answer = (error: unknown, context?: unknown, info?: unknown) =>
      judge(() => contextFrom(error, context, info));
    // With a callback Passport touches neither the response nor `next`, except to report an unknown strategy.
    const authenticate = this.authenticator.authenticate(name, { session: false }, answer);
    authenticate(request as unknown as Request, undefined as unknown as Response, (error: unknown) => answer(error));
    if (judgement) return judgement();
    return new Promise<() => AuthContext>((resolve) => {
      deliver = resolve;
    }).then((judged) => judged());
  }
}

/** @throws whatever the strategy reported */
function contextFrom(error: unknown, context: unknown, info: unknown): AuthContext {
  if (error) throw error;
  if (!context) throw new AuthError('unauthenticated', { reason: 'refused_by_strategy', cause: info });
  return context as AuthContext;
}
