import { Body, Get, Post } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { IsText } from '../../http/is-text.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { HeldCounts } from '../../security/held-counts.js';
import { LogoutService } from '../../sessions/logout.service.js';
import type { AdminActor } from '../admin-actor.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { EmergencyService } from '../emergency.service.js';
import { COUNTED } from './user-acts.js';

class EndEverythingForm {
  @IsText(254)
  typed!: string;
}

/** For the day when tickets may be in the wrong hands. */
@AdminPage('end-everything')
export class EndEverythingPage {
  constructor(
    private readonly emergency: EmergencyService,
    private readonly held: HeldCounts,
    private readonly logout: LogoutService,
    private readonly freshProof: FreshProof,
  ) {}

  @Get()
  async show(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.freshProof.assert(auth);
    return this.page(auth, false);
  }

  @Post()
  async endEverything(
    @Body() { typed }: EndEverythingForm,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
    @CurrentExchange() exchange: Exchange,
  ): Promise<SeeOther | PageView> {
    await this.freshProof.assert(auth);
    if (typed.trim().toLowerCase() !== auth.user.email?.toLowerCase()) return this.page(auth, true);
    await this.emergency.revokeAll(by);
    this.logout.withdrawTickets(exchange);
    return seeOther('/sign-in', 'admin-end-everything.done');
  }

  private async page({ user }: AuthContext, isWrong: boolean): Promise<PageView> {
    const ends = (await this.held.endedBy('all_revoked', null)).filter(({ name }) => COUNTED.has(name));
    return view(
      'admin-end-everything',
      { ends, email: user.email ?? '', isWrong },
      { ...(isWrong && { status: 400 }) },
    );
  }
}
