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
import { BanRequest, ImpersonateRequest, UserParams } from './admin.requests.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { AdminUserStatusService } from './admin-user-status.service.js';
import { AdminUsersService } from './admin-users.service.js';
import { ByAdmin } from './by-admin.decorator.js';
import { ImpersonationService } from './impersonation.service.js';
import { PowersOverAdmins } from './powers-over-administrators.js';

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
      'Every session and every link ends, and no login succeeds, until it is lifted or, with `untilAt`, ends by itself. An admin by a fresh proof only; not oneself, nor the last admin.',
    answers: { 204: { description: 'Banned, on every node.' } },
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
    description: 'The user may log in again; what was ended stays ended.',
    answers: { 204: { description: 'Not banned.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('unban')
  @HttpCode(204)
  unbanUser(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<void> {
    return this.userStatus.unban(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Unlock a user',
    description: 'Whoever was locked out by too many wrong passwords may try again at once.',
    answers: { 204: { description: 'Not locked.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('unlock')
  @HttpCode(204)
  unlockUser(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<void> {
    return this.userStatus.unlock(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Log a user out',
    answers: { 204: { description: 'All sessions have ended, on every node.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('logout')
  @HttpCode(204)
  logOutUser(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<void> {
    return this.userStatus.logOut(id.toLowerCase(), by);
  }

  @Describe({
    summary: 'Mail a user a link to reset the password',
    description: 'Needs a fresh proof.',
    answers: { 202: { description: 'The mail follows.' } },
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
    summary: 'Remove a user’s second factors',
    description:
      'All of them, passkeys and recovery codes too, for whoever has lost them. Needs a fresh proof. All sessions end, and the user is told by mail. Nobody can read them.',
    answers: { 204: { description: 'None is left.' } },
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
      'A short session of the user that names the admin. It changes nothing here but ends itself by a logout, and ends with the admin’s rights. Its tickets take the place of this client’s own if they travel in cookies. Admins cannot be acted as.',
    answers: { 200: { description: 'As after a login of the user.', type: LoginReply } },
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
    summary: 'List a user’s sessions',
    description: 'All that are live, the latest started first; within a page the latest seen.',
    answers: { 200: { description: 'A page.', type: AdminSessionsReply } },
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
