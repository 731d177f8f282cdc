import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { FreshProof } from '../access/fresh-proof.js';
import { CurrentAuth } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { cursorOf, idsIn } from '../http/page-cursor.js';
import { pageSize } from '../http/page-query.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import type { UserRecord } from '../users/user.store.js';
import { ByOperator } from './by-operator.decorator.js';
import { OperatedUsers } from './operated-users.service.js';
import type { Operator } from './operator.js';
import { OperatorController } from './operator-controller.js';
import { OperatedUserReply, UsersReply } from './operators.replies.js';
import { ChangeUserRequest, CreateUserRequest, RolesRequest, UserParams, UsersQuery } from './operators.requests.js';
import { PowersOverAdministrators } from './powers-over-administrators.js';
import { assertFitsServiceUser, ServiceUsers } from './service-users.js';
import { UserStanding } from './user-standing.service.js';

@OperatorController('admin/users')
export class OperatedUsersController {
  constructor(
    private readonly users: OperatedUsers,
    private readonly services: ServiceUsers,
    private readonly standing: UserStanding,
    private readonly freshProof: FreshProof,
    private readonly powers: PowersOverAdministrators,
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
    answers: { 201: { description: 'Made.', type: OperatedUserReply } },
    errors: ['step_up_required', 'forbidden', 'conflict'],
  })
  @Post()
  @HttpCode(201)
  async createUser(
    @Body() order: CreateUserRequest,
    @CurrentAuth() auth: AuthContext,
    @ByOperator() by: Operator,
  ): Promise<OperatedUserReply> {
    if (order.roles?.length) await this.freshProof.assert(auth);
    const { kind = 'person', email, ...wish } = order;
    if (kind === 'person') return this.tellOne(await this.users.create({ ...wish, email: email! }, by));
    assertFitsServiceUser({ ...order }, { isNew: true });
    return this.tellOne(await this.services.create({ name: wish.name!, roles: wish.roles }, by));
  }

  @Describe({
    summary: 'Read a user',
    answers: { 200: { description: 'The user.', type: OperatedUserReply } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Get(':id')
  async readUser(@Param() { id }: UserParams): Promise<OperatedUserReply> {
    return this.tellOne(await this.users.get(id));
  }

  @Describe({
    summary: 'Change a user',
    description:
      'A change of the address or of its verification needs a fresh proof. Another address is unverified unless told otherwise; sessions and links to the old one end, both mailboxes are told, and the old one, if it was proven, can take the change back. Neither one’s own address nor another administrator’s: take the role away first.',
    answers: { 200: { description: 'The user as it is now.', type: OperatedUserReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Patch(':id')
  async changeUser(
    @Param() { id }: UserParams,
    @Body() wish: ChangeUserRequest,
    @CurrentAuth() auth: AuthContext,
    @ByOperator() by: Operator,
  ): Promise<OperatedUserReply> {
    if (wish.email !== undefined || wish.emailVerified !== undefined) await this.freshProof.assert(auth);
    return this.tellOne(await this.users.amend(id.toLowerCase(), wish, by));
  }

  @Describe({
    summary: 'Delete a user',
    description:
      'All that belongs to the user goes too; the audit keeps ids. An administrator by a fresh proof only; not oneself, nor the last administrator.',
    answers: { 204: { description: 'Deleted; every session has ended, on every node.' } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Delete(':id')
  @HttpCode(204)
  async deleteUser(
    @Param() { id }: UserParams,
    @CurrentAuth() auth: AuthContext,
    @ByOperator() by: Operator,
  ): Promise<void> {
    await this.powers.exercise(auth, (reach) => this.users.delete(id.toLowerCase(), by, reach));
  }

  @Describe({
    summary: 'Give a user roles',
    description:
      'Needs a fresh proof. Counts from the next request on every node; older access tokens must be refreshed first. The user is told by mail. The last administrator keeps the role.',
    answers: { 200: { description: 'The user as it is now.', type: OperatedUserReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Put(':id/roles')
  async setRoles(
    @Param() { id }: UserParams,
    @Body() { roles }: RolesRequest,
    @CurrentAuth() auth: AuthContext,
    @ByOperator() by: Operator,
  ): Promise<OperatedUserReply> {
    await this.freshProof.assert(auth);
    return this.tellOne(await this.standing.setRoles(id.toLowerCase(), roles, by));
  }

  private async tellOne(user: UserRecord): Promise<OperatedUserReply> {
    const [reply] = await this.told([user]);
    return reply!;
  }

  private async told(users: readonly UserRecord[]): Promise<OperatedUserReply[]> {
    const [now, locked] = [this.clock.now(), await this.users.locked()];
    return users.map((user) => OperatedUserReply.from(user, now, locked));
  }
}
