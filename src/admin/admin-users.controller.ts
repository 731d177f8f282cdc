import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { cursorOf, idsIn } from '../http/page-cursor.js';
import { pageSize } from '../http/page-query.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import type { UserRecord } from '../users/user.store.js';
import { AdminUserReply, UsersReply } from './admin.replies.js';
import { ChangeUserRequest, CreateUserRequest, RolesRequest, UserParams, UsersQuery } from './admin.requests.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { AdminUserStatusService } from './admin-user-status.service.js';
import { AdminUsersService } from './admin-users.service.js';
import { ByAdmin } from './by-admin.decorator.js';
import { PowersOverAdmins } from './powers-over-administrators.js';
import { assertFitsServiceUser, ServiceUsers } from './service-users.js';

@AdminController('admin/users')
export class AdminUsersController {
  constructor(
    private readonly users: AdminUsersService,
    private readonly services: ServiceUsers,
    private readonly userStatus: AdminUserStatusService,
    private readonly freshProof: FreshProof,
    private readonly powers: PowersOverAdmins,
    private readonly clock: Clock,
  ) {}

  @Describe({
    summary: 'List users',
    description: 'The latest made first. Users made meanwhile move no page.',
    answers: { 200: { description: 'A page.', type: UsersReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async listUsers(@Query() { search, status, kind, cursor, limit }: UsersQuery): Promise<UsersReply> {
    const size = pageSize(limit);
    const before = idsIn(cursor, 1)?.[0];
    const found = await this.users.list({ search, status, kind, before, limit: size + 1 });
    const users = found.slice(0, size);
    const nextCursor = found.length > size ? cursorOf(users.at(-1)!.id) : null;
    return { users: await this.told(users), nextCursor };
  }

  @Describe({
    summary: 'Make a user',
    description:
      'Without a password the user is invited: a link to choose one is mailed. A service user (`kind`) has a name, and neither address nor password. With roles it needs a fresh proof.',
    answers: { 201: { description: 'Made.', type: AdminUserReply } },
    errors: ['step_up_required', 'forbidden', 'conflict'],
  })
  @Post()
  @HttpCode(201)
  async createUser(
    @Body() order: CreateUserRequest,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<AdminUserReply> {
    if (order.roles?.length) await this.freshProof.assert(auth);
    const { kind = 'person', email, ...params } = order;
    if (kind === 'person') return this.tellOne(await this.users.create({ ...params, email: email! }, by));
    assertFitsServiceUser({ ...order }, { isNew: true });
    return this.tellOne(await this.services.create({ name: params.name!, roles: params.roles }, by));
  }

  @Describe({
    summary: 'Read a user',
    answers: { 200: { description: 'The user.', type: AdminUserReply } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Get(':id')
  async readUser(@Param() { id }: UserParams): Promise<AdminUserReply> {
    return this.tellOne(await this.users.get(id));
  }

  @Describe({
    summary: 'Change a user',
    description:
      'A change of the address or of its verification needs a fresh proof. Another address is unverified unless told otherwise; sessions and links to the old one end, both mailboxes are told, and the old one, if it was proven, can take the change back. Neither one’s own address nor another admin’s: take the role away first.',
    answers: { 200: { description: 'The user as it is now.', type: AdminUserReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Patch(':id')
  async changeUser(
    @Param() { id }: UserParams,
    @Body() params: ChangeUserRequest,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<AdminUserReply> {
    if (params.email !== undefined || params.emailVerified !== undefined) await this.freshProof.assert(auth);
    return this.tellOne(await this.users.amend(id.toLowerCase(), params, by));
  }

  @Describe({
    summary: 'Delete a user',
    description:
      'All that belongs to the user goes too; the audit keeps ids. An admin by a fresh proof only; not oneself, nor the last admin.',
    answers: { 204: { description: 'Deleted; every session has ended, on every node.' } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Delete(':id')
  @HttpCode(204)
  async deleteUser(
    @Param() { id }: UserParams,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<void> {
    await this.powers.exercise(auth, (reach) => this.users.delete(id.toLowerCase(), by, reach));
  }

  @Describe({
    summary: 'Give a user roles',
    description:
      'Needs a fresh proof. Counts from the next request on every node; older access tokens must be refreshed first. The user is told by mail. The last admin keeps the role.',
    answers: { 200: { description: 'The user as it is now.', type: AdminUserReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Put(':id/roles')
  async setRoles(
    @Param() { id }: UserParams,
    @Body() { roles }: RolesRequest,
    @CurrentAuth() auth: AuthContext,
    @ByAdmin() by: AdminActor,
  ): Promise<AdminUserReply> {
    await this.freshProof.assert(auth);
    return this.tellOne(await this.userStatus.setRoles(id.toLowerCase(), roles, by));
  }

  private async tellOne(user: UserRecord): Promise<AdminUserReply> {
    const [reply] = await this.told([user]);
    return reply!;
  }

  private async told(users: readonly UserRecord[]): Promise<AdminUserReply[]> {
    const [now, locked] = [this.clock.now(), await this.users.locked()];
    return users.map((user) => AdminUserReply.from(user, now, locked));
  }
}
