import { Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { Options } from '../config/options.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { type AuthContext, requireSession, type Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionTickets } from '../sessions/session-tickets.js';
import type { Login } from '../sessions/ticket-delivery.js';
import { isBanned, toAuthUser, type UserRecord } from '../users/user.store.js';
import { adminOptions } from './admin-options.js';
import { AdminUsersService } from './admin-users.service.js';
import { assertPerson } from './service-users.js';

/** How an admin wants to act as a user. */
export interface ImpersonationParams {
  readonly strategy?: string | undefined;
  readonly transport?: Transport | undefined;
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
    private readonly tickets: SessionTickets,
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
  async begin(userId: string, params: ImpersonationParams, auth: AuthContext, exchange: Exchange): Promise<Login> {
    const { id: parentSessionId, authenticatedAt } = requireSession(auth);
    const choice = this.tickets.choose({ ...params, strategy: params.strategy ?? auth.strategy });
    const user = await this.adminUsers.get(userId);
    this.assertMayBe(user);
    // Not as of now: what has ended the session it is begun from since then is to end it too.
    const epochs = await this.sessions.epochsOf(parentSessionId);
    if (!epochs) throw new AuthError('session_ended', { reason: 'ended_before_acting' });
    const adminId = auth.user.id;
    const impersonation = {
      adminId,
      parentSessionId,
      adminEpochSum: epochs.ofUser + epochs.globalEpoch,
      authenticatedAt,
      seconds: this.seconds,
    };
    const who = { userId, actorId: adminId, origin: exchange.caller };
    const also = { type: 'impersonation.started' as const, ...who, reason: params.reason };
    const asked = { amr: [], impersonatorId: adminId };
    const notes = await this.tickets.notesFor(toAuthUser(user), choice, exchange, asked);
    // The user has proven nothing, so the session shows no method.
    const started = await this.tickets.start(user, { amr: [], impersonation, also, notes }, choice, exchange);
    return this.tickets.deliver(started, { ...toAuthUser(user), impersonatorId: adminId }, choice, exchange);
  }

  private assertMayBe(user: UserRecord): void {
    assertPerson(user);
    // Else the weakest admin would be as strong as the strongest, under another name.
    if (user.roles.includes(ADMIN_ROLE)) throw new AuthError('forbidden', { reason: 'impersonates_admin' });
    if (isBanned(user, this.clock.now())) throw new AuthError('conflict', { reason: 'impersonates_banned_user' });
  }
}
