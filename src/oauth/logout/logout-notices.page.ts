import { Body, Get, Post, Req } from '@nestjs/common';
import { CurrentAuth } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { actorOf } from '../../security/actor.js';
import { isOAuthOn } from '../oauth-options.js';
import { NotifiedClientRequest } from './logout-notices.requests.js';
import { UndeliveredNotices } from './undelivered-notices.js';

/** The page of clients that were not told of the end of sessions. */
@AdminPage('logout-notices', isOAuthOn)
export class LogoutNoticesPage {
  constructor(private readonly notices: UndeliveredNotices) {}

  @Get()
  async show(): Promise<PageView> {
    const [clients, deadLetters] = await Promise.all([this.notices.clients(), this.notices.latest()]);
    return view('admin-logout-notices', { clients, deadLetters });
  }

  @Post('revive')
  async revive(
    @Body() { clientId }: NotifiedClientRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    const count = await this.notices.revive(clientId, actorOf(auth, request));
    return seeOther('/admin/ui/logout-notices', 'admin-logout-notices.revived', { count });
  }
}
