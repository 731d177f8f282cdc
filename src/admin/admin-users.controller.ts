import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { cursorOf, idsIn } from '../http/page-cursor.js';
import { pageSize } from '../http/page-query.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { Usernames } from '../usernames/usernames.js';
import type { UserRecord } from '../users/user.store.js';
import { AdminUserReply, UsersReply } from './admin.replies.js';
import type { AdminActor } from './admin-actor.js';
import { AdminController } from './admin-controller.js';
import { AdminUserStatusService } from './admin-user-status.service.js';
import { ChangeUserRequest, CreateUserRequest, RolesRequest, UserParams, UsersQuery } from './admin-users.requests.js';
import { AdminUsersService } from './admin-users.service.js';
import { ByAdmin } from './by-admin.decorator.js';
import { PowersOverAdmins } from './powers-over-admins.js';
import { assertFitsServiceUser, ServiceUsers } from './service-users.js';

@AdminController('admin/users')
export class AdminUsersController {
  constructor(
    private readonly users: AdminUsersService,
    private readonly services: ServiceUsers,
    private readonly userStatus: AdminUserStatusService,
    private readonly freshProof: FreshProof,
    private readonly powers: PowersOverAdmins,
    private readonly usernames: Usernames,
    private readonly clock: Clock,
  ) {}

  @Describe({
    summary: 'List users',
    description:
      'The most recently created first. Pages are stable while users are added. With a filter a page may have fewer users than `limit`, or none, although more follow: `nextCursor` is null on the last page only.',
    answers: { 200: { description: 'A page of users.', type: UsersReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async listUsers(@Query() { search, status, kind, cursor, limit }: UsersQuery): Promise<UsersReply> {
    const before = idsIn(cursor, 1)?.[0];
    const { users, next } = await this.users.list({ search, status, kind, before, limit: pageSize(limit) });
    return { users: await this.told(users), nextCursor: next && cursorOf(next) };
  }

  @Describe({
    summary: 'Create a user',
    description:
      'Without a password, the user receives an invitation e-mail with a link to choose one. A service user (`kind`) has a name, but no e-mail address and no password. Assigning roles requires a fresh login or step-up.',
    answers: { 201: { description: 'The created user.', type: AdminUserReply } },
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
    return this.tellOne(
      await this.services.create({ name: params.name!, roles: params.roles, fields: params.fields }, by),
    );
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
      'Changing the e-mail address or its verification requires a fresh login or step-up. A new address is unverified unless `emailVerified` is true. Sessions and links to the old address end, and both mailboxes are notified. The old mailbox can undo the change if its address was verified. The caller’s own address and the address of another admin cannot be changed: remove the admin role first.',
    answers: { 200: { description: 'The changed user.', type: AdminUserReply } },
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
      'Deletes everything that belongs to the user; the audit log keeps only ids. Deleting an admin requires a fresh login or step-up. The caller and the last admin cannot be deleted.',
    answers: { 204: { description: 'The user is deleted, and their sessions have ended on every node.' } },
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
    summary: 'Set the roles of a user',
    description:
      'Requires a fresh login or step-up. Takes effect with the next request on every node; older access tokens must be refreshed first. The user is notified by e-mail. The last admin cannot lose the role.',
    answers: { 200: { description: 'The changed user.', type: AdminUserReply } },
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
    const replies = users.map((user) => AdminUserReply.from(user, now, locked));
    if (!this.usernames.isOn) return replies;
    const names = await this.usernames.ofAll(users.map(({ id }) => id));
    return replies.map((reply) => ({ ...reply, username: names.get(reply.id) ?? null }));
  }
}
