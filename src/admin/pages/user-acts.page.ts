import { Get, Param, Post } from '@nestjs/common';
import { Matches } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { FactorChanges } from '../../credentials/factor-changes.js';
import { IsText } from '../../http/is-text.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { userPath } from '../../users/user-tabs.js';
import type { AdminActor } from '../admin-actor.js';
import { BanRequest } from '../admin-user-status.requests.js';
import { AdminUserStatusService } from '../admin-user-status.service.js';
import { UserParams } from '../admin-users.requests.js';
import { AdminUsersService } from '../admin-users.service.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { ImpersonationService } from '../impersonation.service.js';
import { PowersOverAdmins } from '../powers-over-admins.js';
import { assertAreRoles, rolesIn } from './role-list.js';
import { UserActs } from './user-acts.js';

/** As `<input type="datetime-local">` sends it, or empty. */
const LOCAL_INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?)?$/;

class BanForm {
  @IsText(500)
  reason!: string;

  @Matches(LOCAL_INSTANT)
  until!: string;
}

class ReasonForm {
  @IsText(500)
  reason!: string;
}

class RolesForm {
  @IsText(3_300)
  roles!: string;
}

class NameForm {
  @IsText(254)
  typed!: string;
}

/** Acts on a user that must not happen by mistake: each has a page that first says in numbers what will end. */
@AdminPage('users/:id')
export class UserActsPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly acts: UserActs,
    private readonly users: AdminUsersService,
    private readonly userStatus: AdminUserStatusService,
    private readonly powers: PowersOverAdmins,
    private readonly factorChanges: FactorChanges,
    private readonly impersonations: ImpersonationService,
  ) {}

  @Get('ban')
  showBan(@Param() { id }: UserParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.acts.show('ban', id, auth);
  }

  @Post('ban')
  ban(
    @Param() { id }: UserParams,
    @Submitted(BanForm) form: SubmittedForm<BanForm>,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther | PageView> {
    return this.acts.carryOut('ban', { id, auth, form }, async (given) => {
      // By the rules of the JSON route: `Date` takes 30 February for 2 March.
      const untilAt = given.until === '' ? undefined : instantIn(given.until);
      const { reason } = await this.pipe.validated(BanRequest, { reason: given.reason.trim() || undefined, untilAt });
      const until = untilAt === undefined ? undefined : new Date(untilAt);
      await this.powers.exercise(auth, (reach) =>
        this.userStatus.ban(id.toLowerCase(), { reason, until, ...reach }, by),
      );
      return seeOther(userPath(id), 'admin-user-act.ban.done');
    });
  }

  @Get('log-out')
  showLogOut(@Param() { id }: UserParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.acts.show('log-out', id, auth);
  }

  @Post('log-out')
  async logOut(@Param() { id }: UserParams, @ByAdmin() by: AdminActor): Promise<SeeOther> {
    await this.userStatus.logOut(id.toLowerCase(), by);
    return seeOther(userPath(id, 'sessions'), 'admin-user-act.log-out.done');
  }

  @Get('reset-factors')
  showResetFactors(@Param() { id }: UserParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.acts.show('reset-factors', id, auth);
  }

  @Post('reset-factors')
  async resetFactors(
    @Param() { id }: UserParams,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther> {
    await this.acts.assertProven('reset-factors', id, auth);
    await this.factorChanges.reset(id.toLowerCase(), by);
    return seeOther(userPath(id, 'factors'), 'admin-user-act.reset-factors.done');
  }

  @Get('roles')
  showRoles(@Param() { id }: UserParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.acts.show('roles', id, auth);
  }

  @Post('roles')
  setRoles(
    @Param() { id }: UserParams,
    @Submitted(RolesForm) form: SubmittedForm<RolesForm>,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther | PageView> {
    return this.acts.carryOut('roles', { id, auth, form }, async (given) => {
      const roles = rolesIn(given.roles);
      assertAreRoles(roles);
      await this.userStatus.setRoles(id.toLowerCase(), roles, by);
      return seeOther(userPath(id), 'admin-user-act.roles.done');
    });
  }

  @Get('act-as')
  showActAs(@Param() { id }: UserParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.acts.show('act-as', id, auth);
  }

  @Post('act-as')
  actAs(
    @Param() { id }: UserParams,
    @Submitted(ReasonForm) form: SubmittedForm<ReasonForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<SeeOther | PageView> {
    return this.acts.carryOut('act-as', { id, auth, form }, async ({ reason }) => {
      const params = { strategy: 'session', transport: 'cookie', reason: reason.trim() || undefined } as const;
      await this.impersonations.begin(id.toLowerCase(), params, auth, exchange);
      return seeOther('/account', 'admin-user-act.act-as.done');
    });
  }

  @Get('delete')
  showDelete(@Param() { id }: UserParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.acts.show('delete', id, auth);
  }

  @Post('delete')
  delete(
    @Param() { id }: UserParams,
    @Submitted(NameForm) form: SubmittedForm<NameForm>,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther | PageView> {
    return this.acts.carryOut('delete', { id, auth, form }, async ({ typed }) => {
      const user = await this.users.get(id);
      this.acts.assertTyped(typed, user);
      await this.powers.exercise(auth, (reach) => this.users.delete(user.id, by, reach));
      return seeOther('/admin/ui/users', 'admin-user-act.delete.done');
    });
  }
}

/** `<input type="datetime-local">` knows no zone, and means UTC here. */
function instantIn(local: string): string {
  return local.length === 'yyyy-mm-ddThh:mm'.length ? `${local}:00Z` : `${local}Z`;
}
