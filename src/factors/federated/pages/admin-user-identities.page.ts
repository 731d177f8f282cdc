import { Get, Param } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { Options } from '../../../config/options.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { AdminPage } from '../../../pages/admin-page.js';
import { type PageView, view } from '../../../pages/page-view.js';
import { UserStore } from '../../../users/user.store.js';
import { headOf } from '../../../users/user-tabs.js';
import { ShownIdentities } from './shown-identities.js';

class UserParams {
  @IsUUID()
  id!: string;
}

/** The linked logins of a user, for admins. */
@AdminPage('users/:id/identities')
export class AdminUserIdentitiesPage {
  constructor(
    private readonly users: UserStore,
    private readonly shown: ShownIdentities,
    private readonly options: Options,
  ) {}

  @Get()
  async list(@Param() { id }: UserParams): Promise<PageView> {
    const user = await this.users.find(id.toLowerCase());
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    const identities = await this.shown.of(user.id);
    return view('admin-user-identities', { ...headOf(user, 'identities', this.options), identities });
  }
}
