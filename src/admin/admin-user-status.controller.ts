import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { FactorChanges } from '../credentials/factor-changes.js';
import { LoginReply } from '../credentials/login.replies.js';
import { Describe } from '../http/api-docs.js';
import { ownPageSize, PageQuery } from '../http/page-query.js';
import { type AuthContext, ticketIdOf } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { SessionReply } from '../sessions/session.replies.js';
import { SessionService } from '../sessions/session.service.js';
import { cursorAt, positionIn } from '../sessions/session-cursor.js';
import { AdminSessionsReply } from './admin.replies.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { BanRequest, ImpersonateRequest } from './admin-user-status.requests.js';
import { AdminUserStatusService } from './admin-user-status.service.js';
import { UserParams } from './admin-users.requests.js';
import { AdminUsersService } from './admin-users.service.js';
import { ByAdmin } from './by-admin.decorator.js';
import { ImpersonationService } from './impersonation.service.js';
import { PowersOverAdmins } from './powers-over-admins.js';

@AdminController('admin/users/:id')
export class AdminUserStatusController {
  constructor(
    private readonly users: AdminUsersService,
    private readonly userStatus: AdminUserStatusService,
    private readonly powers: PowersOverAdmins,
    private readonly impersonations: ImpersonationService,
    private readonly sessions: SessionService,
    private readonly factorChanges: FactorChanges,
    private readonly freshProof: FreshProof,
    private readonly clock: Clock,
  ) {}

  @Describe({
    summary: 'Ban a user',
    description:
      'Ends all sessions and links of the user and blocks their logins until the ban is lifted or, with `untilAt`, expires. Banning an admin requires a fresh login or step-up. The caller and the last admin cannot be banned.',
    answers: { 204: { description: 'The ban is in force on every node.' } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Post('ban')
  @HttpCode(204)
  async banUser(
    @Param() { id }: UserParams,
    @Body() { reason, untilAt }: BanRequest,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<void> {
    const until = untilAt === undefined ? undefined : new Date(untilAt);
    await this.powers.exercise(auth, (reach) => this.userStatus.ban(id.toLowerCase(), { reason, until, ...reach }, by));
  }

  @Describe({
    summary: 'Lift a ban',
    description: 'The user may log in again. Sessions and links that were ended stay ended.',
    answers: { 204: { description: 'The user is not banned.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('unban')
  @HttpCode(204)
  unbanUser(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<void> {
    return this.userStatus.unban(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Unlock a user',
    description: 'Lifts the lock after too many wrong passwords or codes. The user may try again at once.',
    answers: { 204: { description: 'The user is not locked.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('unlock')
  @HttpCode(204)
  unlockUser(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<void> {
    return this.userStatus.unlock(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Log a user out',
    answers: { 204: { description: 'All sessions of the user have ended on every node.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('logout')
  @HttpCode(204)
  logOutUser(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<void> {
    return this.userStatus.logOut(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Send a password reset link to a user',
    description: 'Requires a fresh login or step-up.',
    answers: { 202: { description: 'An e-mail with the link follows.' } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Post('password-reset')
  @HttpCode(202)
  async mailPasswordReset(
    @Param() { id }: UserParams,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<void> {
    await this.freshProof.assert(auth);
    return this.userStatus.mailPasswordReset(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Remove all second factors of a user',
    description:
      'For users who lost them. Removes authenticator apps, passkeys and recovery codes, ends all sessions and notifies the user by e-mail. Requires a fresh login or step-up. Secrets are never shown.',
    answers: { 204: { description: 'The user has no second factor.' } },
    errors: ['step_up_required', 'forbidden', 'not_found'],
  })
  @Post('factor-reset')
  @HttpCode(204)
  async resetFactors(
    @Param() { id }: UserParams,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<void> {
    await this.freshProof.assert(auth);
    return this.factorChanges.reset(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Act as a user',
    description:
      'Starts a short session of the user that names the admin. It cannot change the account and ends at its logout or when the admin loses their rights. If its tickets travel in cookies, they replace those of this client. Acting as an admin is not possible.',
    answers: { 200: { description: 'The same result as a login of the user.', type: LoginReply } },
    errors: ['forbidden', 'not_found', 'conflict'],
  })
  @Post('impersonate')
  @HttpCode(200)
  async impersonateUser(
    @Param() { id }: UserParams,
    @Body() params: ImpersonateRequest,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<LoginReply> {
    return LoginReply.of(await this.impersonations.begin(id.toLowerCase(), params, auth, exchange));
  }

  @Describe({
    summary: 'List the sessions of a user',
    description:
      'All live sessions, the most recently started first. Within a page, the most recently used come first.',
    answers: { 200: { description: 'A page of sessions.', type: AdminSessionsReply } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Get('sessions')
  async listUserSessions(
    @Param() { id }: UserParams,
    @Query() { cursor, limit }: PageQuery,
    @CurrentAuth() auth: AuthContext,
  ): Promise<AdminSessionsReply> {
    const user = await this.users.get(id);
    const { sessions, next } = await this.sessions.listOf(user.id, positionIn(cursor), ownPageSize(limit));
    const now = this.clock.now();
    return {
      sessions: sessions.map((session) => ({ ...SessionReply.of(session, ticketIdOf(auth), now), userId: user.id })),
      nextCursor: cursorAt(next),
    };
  }
}
