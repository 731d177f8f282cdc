import { Body, Get, Post, Query, Req } from '@nestjs/common';
import { originOf } from '../../access/request-origin.js';
import { CurrentSession, CurrentUser } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { AuthSession, AuthUser } from '../../kernel/auth-context.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { OAuthConsents } from '../grants/oauth-consents.js';
import { isOAuthOn } from '../oauth-options.js';
import { Applications } from './applications.js';
import { AppsPageQuery } from './apps-page-query.js';
import { RevokeAppForm } from './revoke-app.form.js';

/** Applications with access to one's own account. */
@PageController('account/apps', 'account', isOAuthOn)
export class AppsPage {
  constructor(
    private readonly applications: Applications,
    private readonly consents: OAuthConsents,
  ) {}

  @Get()
  async list(@Query() { cursor }: AppsPageQuery, @CurrentUser() { id }: AuthUser): Promise<PageView> {
    return view('account-apps', { ...(await this.applications.of(id, cursor)) });
  }

  /** Withdraws the consent, and ends all that the application may do. */
  @Post('revoke')
  async revoke(
    @Body() { clientId }: RevokeAppForm,
    @CurrentUser() user: AuthUser,
    @CurrentSession() session: AuthSession,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    const by = { origin: originOf(request), sessionId: session.id };
    const isRevoked = await this.consents.withdraw(user.id, clientId, by);
    return isRevoked
      ? seeOther('/account/apps', 'account-apps.revoked')
      : seeOther('/account/apps', 'account-apps.already');
  }
}
