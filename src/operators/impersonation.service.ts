import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import { Options } from '../config/options.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { type AuthContext, requireSession } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import type { Login, LoginWishes } from '../login/login-steps.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionEpochs } from '../sessions/session-epochs.js';
import { type DeliveringStrategy, delivers, transportFor } from '../sessions/ticket-delivery.js';
import { toAuthSession } from '../sessions/to-auth-session.js';
import { isBanned, toAuthUser, type UserRecord, UserStore } from '../users/user.store.js';
import { OperatedUsers } from './operated-users.service.js';
import { operatorsOptions } from './operators-options.js';
import { assertPerson } from './service-users.js';

/** How an operator wants to act as a user. */
export interface ImpersonationWishes extends LoginWishes {
  readonly reason?: string | undefined;
}

/**
 * Lets an operator see what a user sees: by a short session of the user's that names the operator, changes no credential, and
 * ends with the operator's rights.
 */
@Injectable()
export class ImpersonationService {
  private readonly seconds: number;

  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly TicketStrategy[],
    private readonly operated: OperatedUsers,
    private readonly users: UserStore,
    private readonly sessions: SessionService,
    private readonly epochs: SessionEpochs,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.seconds = options.of(operatorsOptions).impersonationSeconds;
  }

  /**
   * It ends with the session it is begun from.
   *
   * @throws AuthError `not_found`; `forbidden` for an administrator, and by a ticket that no login gave out; `conflict` for a banned user and a service user; `validation_failed` for a
   *   strategy that is not switched on
   */
  async begin(
    userId: string,
    wishes: ImpersonationWishes,
    auth: AuthContext,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<Login> {
    const { id: parentSessionId, authenticatedAt } = requireSession(auth);
    const chosen = this.strategyFor(wishes.strategy ?? auth.strategy);
    const { delivery, name: strategy } = chosen;
    const transport = transportFor(chosen, wishes.transport);
    const user = await this.operated.get(userId);
    this.assertMayBe(user);
    const operator = await this.users.find(auth.user.id);
    if (!operator) throw new AuthError('session_ended', { reason: 'operator_deleted' });
    const impersonation = {
      operatorId: operator.id,
      parentSessionId,
      operatorEpoch: await this.epochs.of(operator),
      authenticatedAt,
      seconds: this.seconds,
    };
    const origin = originOf(request);
    const who = { userId, actorId: operator.id, origin };
    const also = { type: 'impersonation.started' as const, ...who, reason: wishes.reason };
    // The user has proven nothing, so the session shows no method.
    const order = { ...origin, strategy, transport, amr: [], withSecret: delivery.needsSecret, impersonation, also };
    const started = await this.sessions.start(user, order);
    const shown = { ...toAuthUser(user), impersonatorId: operator.id };
    const tickets = await delivery.deliver(started, shown, transport, request, reply);
    return { status: 'authenticated', user: shown, session: toAuthSession(started.session, user.id), tickets };
  }

  private assertMayBe(user: UserRecord): void {
    assertPerson(user);
    // Else the weakest operator would be as strong as the strongest, under another name.
    if (user.roles.includes(ADMIN_ROLE)) throw new AuthError('forbidden', { reason: 'impersonates_administrator' });
    if (isBanned(user, this.clock.now())) throw new AuthError('conflict', { reason: 'impersonates_banned_user' });
  }

  private strategyFor(wanted: string): DeliveringStrategy {
    const offered = this.strategies.filter(delivers);
    const strategy = offered.find(({ name }) => name === wanted);
    if (strategy) return strategy;
    const message = `strategy must be one of: ${offered.map(({ name }) => name).join(', ')}`;
    const errors = [{ field: 'strategy', rule: 'isSwitchedOn', message }];
    throw new AuthError('validation_failed', { reason: 'strategy_switched_off', errors });
  }
}
