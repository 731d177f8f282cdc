import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { STRATEGIES, type Strategy } from '../access/strategy.js';
import { Options } from '../config/options.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import type { Login, LoginParams } from '../login/login-steps.js';
import { SessionService } from '../sessions/session.service.js';
import { type DeliveringStrategy, delivers, transportFor } from '../sessions/ticket-delivery.js';
import { toAuthSession } from '../sessions/to-auth-session.js';
import { isBanned, toAuthUser, type UserRecord } from '../users/user.store.js';
import { adminOptions } from './admin-options.js';
import { AdminUsersService } from './admin-users.service.js';
import { assertPerson } from './service-users.js';

/** How an admin wants to act as a user. */
export interface ImpersonationParams extends LoginParams {
  readonly reason?: string | undefined;
}

/**
 * Lets an admin see what a user sees: by a short session of the user's that names the admin, changes no credential, and
 * ends with the admin's rights.
 */
@Injectable()
export class ImpersonationService {
  private readonly seconds: number;

  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly Strategy[],
    private readonly adminUsers: AdminUsersService,
    private readonly sessions: SessionService,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.seconds = options.of(adminOptions).impersonationSeconds;
  }

  /**
   * It ends with the session it is begun from.
   *
   * @throws AuthError `not_found`; `forbidden` for an admin, and by a ticket that no login gave out; `conflict` for a banned user and a service user; `validation_failed` for a
   *   strategy that is not switched on
   */
  async begin(
    userId: string,
    params: ImpersonationParams,
    auth: AuthContext,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<Login> {
    this.assertLoggedIn(auth);
    const chosen = this.strategyFor(params.strategy ?? auth.strategy);
    const { delivery, name: strategy } = chosen;
    const transport = transportFor(chosen, params.transport);
    const user = await this.adminUsers.get(userId);
    this.assertMayBe(user);
    // Not as of now: what has ended the session it is begun from since then is to end it too.
    const epochs = await this.sessions.epochsOf(auth.session.id);
    if (!epochs) throw new AuthError('session_ended', { reason: 'ended_before_acting' });
    const adminId = auth.user.id;
    const impersonation = {
      adminId,
      parentSessionId: auth.session.id,
      adminEpoch: epochs.ofUser + epochs.globalEpoch,
      authenticatedAt: auth.session.authenticatedAt,
      seconds: this.seconds,
    };
    const origin = originOf(request);
    const who = { userId, actorId: adminId, origin };
    const also = { type: 'impersonation.started' as const, ...who, reason: params.reason };
    // The user has proven nothing, so the session shows no method.
    const order = { ...origin, strategy, transport, amr: [], withSecret: delivery.needsSecret, impersonation, also };
    const started = await this.sessions.start(user, order);
    const shown = { ...toAuthUser(user), impersonatorId: adminId };
    const tickets = await delivery.deliver(started, shown, transport, request, reply);
    return { status: 'authenticated', user: shown, session: toAuthSession(started.session, user.id), tickets };
  }

  private assertLoggedIn({ strategy }: AuthContext): void {
    if (this.strategies.filter(delivers).some(({ name }) => name === strategy)) return;
    throw new AuthError('forbidden', { reason: 'ticket_without_login' });
  }

  private assertMayBe(user: UserRecord): void {
    assertPerson(user);
    // Else the weakest admin would be as strong as the strongest, under another name.
    if (user.roles.includes(ADMIN_ROLE)) throw new AuthError('forbidden', { reason: 'impersonates_admin' });
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
