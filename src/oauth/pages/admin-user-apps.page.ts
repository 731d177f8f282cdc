import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { CurrentAuth } from '../../access/route-decorators.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { actorOf } from '../../security/actor.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { headOf, userPath } from '../../users/user-tabs.js';
import { OAuthConsents } from '../grants/oauth-consents.js';
import { isOAuthOn } from '../oauth-options.js';
import { Applications } from './applications.js';
import { AppsPageQuery } from './apps-page-query.js';
import { RevokeAppForm } from './revoke-app.form.js';

class UserParams {
  @IsUUID()
  id!: string;
}

/** Applications with access to a user's account, for admins. */
@AdminPage('users/:id/apps', isOAuthOn)
export class AdminUserAppsPage {
  constructor(
    private readonly users: UserStore,
    private readonly applications: Applications,
    private readonly consents: OAuthConsents,
    private readonly options: Options,
  ) {}

  @Get()
  async list(@Param() { id }: UserParams, @Query() { cursor }: AppsPageQuery): Promise<PageView> {
    const user = await this.user(id);
    const page = await this.applications.of(user.id, cursor);
    return view('admin-user-apps', { ...headOf(user, 'apps', this.options), ...page });
  }

  @Post('revoke')
  async revoke(
    @Param() { id }: UserParams,
    @Body() { clientId }: RevokeAppForm,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    const user = await this.user(id);
    await this.consents.withdraw(user.id, clientId, actorOf(auth, request));
    return seeOther(userPath(user.id, 'apps'), 'admin-user-apps.revoked');
  }

  private async user(id: string): Promise<UserRecord> {
    const user = await this.users.find(id.toLowerCase());
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    return user;
  }
}
