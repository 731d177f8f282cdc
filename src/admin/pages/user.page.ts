import { Get, Param, Post } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth, CurrentUser } from '../../access/route-decorators.js';
import { Options } from '../../config/options.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext, AuthUser } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { headOf, userPath } from '../../users/user-tabs.js';
import { AdminUserReply } from '../admin.replies.js';
import type { AdminActor } from '../admin-actor.js';
import { AdminUserStatusService } from '../admin-user-status.service.js';
import { UserParams } from '../admin-users.requests.js';
import { AdminUsersService } from '../admin-users.service.js';
import { ByAdmin } from '../by-admin.decorator.js';

/** The profile of a user, and the acts that end nothing: these need no page of their own. */
@AdminPage('users/:id')
export class UserPage {
  constructor(
    private readonly users: AdminUsersService,
    private readonly userStatus: AdminUserStatusService,
    private readonly freshProof: FreshProof,
    private readonly options: Options,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Param() { id }: UserParams, @CurrentUser() self: AuthUser): Promise<PageView> {
    const [user, locked] = [await this.users.get(id), await this.users.locked()];
    const shown = AdminUserReply.from(user, this.clock.now(), locked);
    const isSelf = user.id === self.id;
    const isPerson = user.kind === 'person';
    const isBanned = shown.status === 'banned';
    const isAdmin = user.roles.includes(ADMIN_ROLE);
    return view('admin-user', {
      ...headOf(user, 'profile', this.options),
      // The reply leaves out a language that was not chosen.
      account: { ...shown, language: user.language ?? null },
      fields: Object.entries(user.fields ?? {}).map(([name, value]) => ({ name, value: textOf(value) })),
      can: {
        unban: isBanned,
        unlock: isPerson,
        mailReset: isPerson,
        logOut: isPerson,
        resetFactors: isPerson,
        actAs: isPerson && !isBanned && !isAdmin,
        ban: !isBanned && !isSelf,
        delete: !isSelf,
      },
    });
  }

  @Post('unban')
  async unban(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<SeeOther> {
    await this.userStatus.unban(id.toLowerCase(), by);
    return seeOther(userPath(id), 'admin-user.unbanned');
  }

  @Post('unlock')
  async unlock(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<SeeOther> {
    await this.userStatus.unlock(id.toLowerCase(), by);
    return seeOther(userPath(id), 'admin-user.unlocked');
  }

  @Post('password-reset')
  async mailPasswordReset(
    @Param() { id }: UserParams,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther> {
    await this.freshProof.assert(auth);
    await this.userStatus.mailPasswordReset(id.toLowerCase(), by);
    return seeOther(userPath(id), 'admin-user.reset-mailed');
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
