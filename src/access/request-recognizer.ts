import { Inject, Injectable } from '@nestjs/common';
import type { Authenticator } from 'passport';
import { Deadlines } from '../http/deadlines.js';
import type { AuthContext, StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { HttpReply, HttpRequest } from './http-exchange.js';
import type { Judge } from './passport-framework.js';
import { RecognisedUsers } from './recognised-users.js';
import { AUTHENTICATOR, STRATEGIES, type Strategy, type Ticket } from './strategy.js';

/** Whom a request comes from, and how its ticket travelled. */
export interface Recognition {
  readonly context: AuthContext;
  readonly carrier: Ticket['carrier'];
  /** Counts the request under the limits of its ticket, if that has any. @throws AuthError `rate_limited` */
  readonly charge?: (reply: HttpReply) => Promise<void>;
}

/** Finds the one ticket in a request and has its Passport strategy judge it. */
@Injectable()
export class RequestRecognizer {
  private readonly judges: ReadonlyMap<StrategyName, Judge>;
  private readonly ofRequest: readonly Strategy[];
  private readonly ofConnection: readonly Strategy[];

  constructor(
    @Inject(AUTHENTICATOR) authenticator: InstanceType<typeof Authenticator>,
    @Inject(STRATEGIES) strategies: readonly Strategy[],
    private readonly deadlines: Deadlines,
    private readonly users: RecognisedUsers,
  ) {
    this.judges = new Map(strategies.map(({ name }) => [name, authenticator.authenticate(name) as Judge]));
    this.ofRequest = strategies.filter(({ isOfConnection }) => !isOfConnection);
    this.ofConnection = strategies.filter(({ isOfConnection }) => isOfConnection);
  }

  /**
   * @param allowed strategies this route takes; absent: all that are switched on
   * @throws AuthError `unauthenticated` without a ticket, with two different ones, or with one that was never valid
   * @throws AuthError `token_expired`, `session_ended`, `unavailable` as the strategy finds
   * @throws AuthError `session_ended` for a banned user, `unauthenticated` for none of ours, whoever has recognised them
   * @returns a promise only when the strategy has to ask somebody; otherwise it answers, or throws, at once
   */
  recognize(request: HttpRequest, allowed?: readonly StrategyName[]): Recognition | Promise<Recognition> {
    const { strategy, ticket } = this.onlyTicket(request);
    if (allowed && !allowed.includes(strategy.name)) {
      throw new AuthError('unauthenticated', { reason: 'strategy_not_allowed_here' });
    }
    const { carrier } = ticket;
    const found = this.judges.get(strategy.name)!(request, ticket);
    const judged = strategy.checksUserStatus ? found : this.standing(found);
    const context = judged instanceof Promise ? this.deadlines.bound(request, () => judged) : judged;
    if (strategy.chargeFor) return recognized(strategy, context, carrier);
    return context instanceof Promise ? context.then((later) => ({ context: later, carrier })) : { context, carrier };
  }

  private standing(found: AuthContext | Promise<AuthContext>): AuthContext | Promise<AuthContext> {
    if (found instanceof Promise) return found.then((context) => this.standing(context));
    const asking = this.users.assertMayPass(found.user.id);
    return asking instanceof Promise ? asking.then(() => found) : found;
  }

  private onlyTicket(request: HttpRequest): Found {
    // Whoever sends a ticket over a connection with a certificate means the ticket.
    const found = theOne(request, this.ofRequest) ?? theOne(request, this.ofConnection);
    if (!found) throw new AuthError('unauthenticated', { reason: 'no_ticket' });
    return found;
  }
}

interface Found {
  readonly strategy: Strategy;
  readonly ticket: Ticket;
}

function theOne(request: HttpRequest, strategies: readonly Strategy[]): Found | undefined {
  let found: Found | undefined;
  for (const strategy of strategies) {
    for (const ticket of strategy.ticketsOf(request)) {
      // Which of two is meant cannot be told, and guessing lets a planted cookie win (CVE-2021-29624).
      if (found && found.ticket.value !== ticket.value) {
        throw new AuthError('unauthenticated', { reason: 'two_different_tickets' });
      }
      found ??= { strategy, ticket };
    }
  }
  return found;
}

/** Of a strategy whose tickets may have limits. */
function recognized(
  strategy: Strategy,
  context: AuthContext | Promise<AuthContext>,
  carrier: Ticket['carrier'],
): Recognition | Promise<Recognition> {
  if (context instanceof Promise) return context.then((later) => recognized(strategy, later, carrier));
  const charge = strategy.chargeFor?.(context);
  return charge ? { context, carrier, charge } : { context, carrier };
}
