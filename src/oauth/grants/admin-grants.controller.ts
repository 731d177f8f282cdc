import { Get, Param, Query } from '@nestjs/common';
import { NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { idsIn } from '../../http/page-cursor.js';
import { ownPageSize, PageQuery } from '../../http/page-query.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import { AuthError } from '../../kernel/auth-error.js';
import { UserStore } from '../../users/user.store.js';
import { isOAuthOn } from '../oauth-options.js';
import { GrantLists } from './grant-lists.js';
import { GrantsReply } from './grants.replies.js';
import { GrantingUserParams } from './grants.requests.js';

@AuthController('admin/users/:id/grants', 'Admin', isOAuthOn)
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class AdminGrantsController {
  constructor(
    private readonly lists: GrantLists,
    private readonly users: UserStore,
  ) {}

  @Describe({
    summary: 'List the applications that have access to the account of a user',
    answers: { 200: { description: 'A page of grants.', type: GrantsReply } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Get()
  async listUserGrants(
    @Param() { id }: GrantingUserParams,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<GrantsReply> {
    const user = await this.users.find(id);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    const page = await this.lists.grantsOf(user.id, idsIn(cursor, 1)?.[0] ?? null, ownPageSize(limit));
    return GrantsReply.of(page, null);
  }
}
