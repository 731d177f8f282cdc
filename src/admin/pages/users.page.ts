import { Get, Post, Query } from '@nestjs/common';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { IsText } from '../../http/is-text.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { type AuthContext, USER_KINDS, type UserKind } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { USER_STATUSES, type UserStatus } from '../../users/user-directory.js';
import { AdminUserReply } from '../admin.replies.js';
import type { AdminActor } from '../admin-actor.js';
import { IfGiven } from '../admin-fields.js';
import { AdminUsersService } from '../admin-users.service.js';
import { ByAdmin } from '../by-admin.decorator.js';
import { assertFitsServiceUser, ServiceUsers } from '../service-users.js';
import { assertAreRoles, rolesIn } from './role-list.js';

const SHOWN = 50;

class UsersPageQuery {
  @IfGiven('search')
  @IsText(254)
  search?: string;

  @IfGiven('status')
  @IsIn(['', ...USER_STATUSES])
  status?: UserStatus | '';

  @IfGiven('kind')
  @IsIn(['', ...USER_KINDS])
  kind?: UserKind | '';

  @IfGiven('cursor')
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class ServiceUserForm {
  @IsText(100)
  name!: string;

  @IsText(3_300)
  roles!: string;
}

@AdminPage('users')
export class UsersPage {
  constructor(
    private readonly users: AdminUsersService,
    private readonly services: ServiceUsers,
    private readonly freshProof: FreshProof,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() { search = '', status = '', kind = '', cursor }: UsersPageQuery): Promise<PageView> {
    const { users: found, next } = await this.users.list({
      search: search || undefined,
      status: status || undefined,
      kind: kind || undefined,
      before: idsIn(cursor || undefined, 1)?.[0],
      limit: SHOWN,
    });
    const [now, locked] = [this.clock.now(), await this.users.locked()];
    const users = found.map((user) => AdminUserReply.from(user, now, locked));
    const filters = { search, status, kind };
    return view('admin-users', {
      ...filters,
      statuses: USER_STATUSES,
      kinds: USER_KINDS,
      users,
      isFirst: !cursor,
      isFiltered: Object.values(filters).some(Boolean),
      first: queryOf(filters),
      next: next && queryOf({ ...filters, cursor: cursorOf(next) }),
    });
  }

  @Get('new')
  showNew(): PageView {
    return view('admin-service-user', { name: '', roles: '', problem: null });
  }

  @Post('new')
  create(
    @Submitted(ServiceUserForm) form: SubmittedForm<ServiceUserForm>,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<SeeOther | PageView> {
    return form.take(
      async (sent) => {
        const given = { name: sent.name.trim(), roles: rolesIn(sent.roles) };
        assertAreRoles(given.roles);
        assertFitsServiceUser({ name: given.name }, { isNew: true });
        if (given.roles.length > 0) await this.freshProof.assert(auth);
        const user = await this.services.create(given, by);
        return seeOther(`/admin/ui/users/${user.id}`, 'admin-service-user.created');
      },
      (problem) => view('admin-service-user', { name: form.text('name'), roles: form.text('roles'), problem }, problem),
    );
  }
}

/** As the address of a list has it; empty ones are left out. */
export function queryOf(values: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();
  return text && `?${text}`;
}
