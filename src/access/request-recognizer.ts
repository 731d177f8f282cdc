import { Inject, Injectable } from '@nestjs/common';
import type { Authenticator } from 'passport';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Deadlines } from '../http/deadlines.js';
import type { AuthContext, StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { Callers } from './caller.js';
import type { VerifyTicket } from './passport-framework.js';
import { RecognisedUsers } from './recognised-users.js';
import { RequestCounts } from './request-counts.js';
import { RequestTickets } from './request-tickets.js';
import { RolePermissions } from './role-permissions.js';
import {
  AUTHENTICATOR,
  type Charge,
  STRATEGIES,
  type Ticket,
  type TicketStrategy,
  type Verdict,
} from './ticket-strategy.js';

/** Who sends a request, and how their ticket travelled. */
export interface Recognition {
  readonly context: AuthContext;
  readonly carrier: Ticket['carrier'];
  /** Counts the request under the limits of its ticket; undefined: it has none. */
  readonly charge: Charge | undefined;
}

const NONE: readonly string[] = Object.freeze([]);

/** Finds the one ticket in a request and has its Passport strategy verify it. */
@Injectable()
export class RequestRecognizer {
  private readonly verifiers: ReadonlyMap<StrategyName, VerifyTicket>;
  private readonly counters: ReadonlyMap<StrategyName, { value: number }>;

  constructor(
    @Inject(AUTHENTICATOR) authenticator: InstanceType<typeof Authenticator>,
    @Inject(STRATEGIES) strategies: readonly TicketStrategy[],
    private readonly tickets: RequestTickets,
    private readonly callers: Callers,
    private readonly deadlines: Deadlines,
    private readonly users: RecognisedUsers,
    private readonly clock: Clock,
    private readonly permissions: RolePermissions,
    counts: RequestCounts,
  ) {
    this.counters = new Map(strategies.map(({ name }) => [name, counts.counterOf(name)]));
    this.verifiers = new Map(strategies.map(({ name }) => [name, authenticator.authenticate(name) as VerifyTicket]));
  }

  /**
   * @param allowed strategies this route takes; absent: all that are switched on
   * @param unit what the time limit is measured by, where it is not the request (a connection's own request may be hours old)
   * @throws AuthError `unauthenticated` without a ticket, with two different ones, or with one that was never valid
   * @throws AuthError `token_expired`, `session_ended`, `unavailable` as the strategy finds
   * @throws AuthError of a banned user `session_ended`, or `unauthenticated` for a machine; `unauthenticated` for an unknown user
   * @returns a promise only when a store has to be asked; otherwise it answers, or throws, at once
   */
  recognize(
    request: HttpRequest,
    allowed?: readonly StrategyName[],
    unit: object = request,
  ): Recognition | Promise<Recognition> {
    const { strategy, ticket } = this.tickets.find(request);
    if (allowed && !allowed.includes(strategy.name)) {
      throw new AuthError('unauthenticated', { reason: 'strategy_not_allowed_here' });
    }
    const verdict = this.verifiers.get(strategy.name)!(this.callers.of(request), ticket);
    const known = verdict instanceof Promise ? verdict.then((later) => this.notBanned(later)) : this.notBanned(verdict);
    if (!(known instanceof Promise)) return this.recognitionOf(known, ticket);
    return this.deadlines.bound(unit, () => known).then((later) => this.recognitionOf(later, ticket));
  }

  /** Whether the request carries any ticket, good or not, or an `Authorization` that is none of ours. */
  isTicketPresent(request: HttpRequest): boolean {
    return request.headers.authorization !== undefined || this.tickets.isAny(request);
  }

  private recognitionOf({ auth, charge }: Verdict, { carrier }: Ticket): Recognition {
    const counter = this.counters.get(auth.strategy);
    if (counter) counter.value += 1;
    // Before the rest, where V8 copies an object ten times as fast as with a property behind it.
    const context = { permissions: NONE, ...auth };
    context.permissions = this.permissions.of(auth);
    return { context, carrier, charge };
  }

  /** For every strategy that recognises a user: none can forget it. */
  private notBanned(verdict: Verdict): Verdict | Promise<Verdict> {
    const { auth, userBannedUntil } = verdict;
    if (userBannedUntil === null) return verdict;
    const until = userBannedUntil ?? this.users.bannedUntil(auth.user.id);
    if (until instanceof Promise) return until.then((later) => this.notBanned({ ...verdict, userBannedUntil: later }));
    if (until === null || this.clock.milliseconds() >= until.getTime()) return verdict;
    throw new AuthError(auth.by === 'session' ? 'session_ended' : 'unauthenticated', { reason: 'user_banned' });
  }
}
