import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { HttpRequest } from '../../access/http-exchange.js';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { PageQuery } from '../../http/page-query.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { actorOf } from '../../security/actor.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import type { CreateApiKeyParams } from './api-key-params.js';
import { ApiKeyRotation } from './api-key-rotation.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { DAYS_SHOWN } from './api-keys.controller.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysReply, ApiKeyUsageReply, NewApiKeyReply } from './api-keys.replies.js';
import {
  ApiKeyOwnerParams,
  CreateOwnedApiKeyRequest,
  OwnedApiKeyParams,
  RotateApiKeyRequest,
} from './api-keys.requests.js';
import { FreshLogin } from './fresh-login.js';

@AuthController('admin/users/:userId/api-keys', 'Admin')
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class AdminApiKeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly rotation: ApiKeyRotation,
    private readonly usage: ApiKeyUsage,
    private readonly users: UserStore,
    private readonly freshLogin: FreshLogin,
  ) {}

  @Describe({
    summary: 'Make a key for a service user',
    description: 'Needs a fresh login. Persons make their own: `conflict`.',
    answers: { 201: { description: 'Made. The key is shown this once.', type: NewApiKeyReply } },
    errors: ['step_up_required', 'forbidden', 'conflict', 'not_found'],
  })
  @Post()
  async createUserApiKey(
    @Param() { userId }: ApiKeyOwnerParams,
    @Body() order: CreateOwnedApiKeyRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewApiKeyReply> {
    if (!this.keys.areAccepted) throw new AuthError('not_found', { reason: 'strategy_switched_off' });
    await this.freshLogin.assert(auth);
    const { id } = await this.service(userId);
    return NewApiKeyReply.from(await this.keys.create(id, paramsFrom(order), actorOf(auth, request)));
  }

  @Describe({
    summary: 'List a user’s keys',
    answers: { 200: { description: 'A page, without the keys themselves.', type: ApiKeysReply } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Get()
  async listUserApiKeys(@Param() { userId }: ApiKeyOwnerParams, @Query() query: PageQuery): Promise<ApiKeysReply> {
    const { id } = await this.user(userId);
    return ApiKeysReply.of(await this.keys.listOf(id), query);
  }

  @Describe({
    summary: 'How often a user’s key was used',
    answers: { 200: { description: 'By day.', type: ApiKeyUsageReply } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Get(':id/usage')
  async readUserApiKeyUsage(@Param() { userId, id }: OwnedApiKeyParams): Promise<ApiKeyUsageReply> {
    const key = await this.keys.get(userId.toLowerCase(), id.toLowerCase());
    return { days: await this.usage.of(key.id, DAYS_SHOWN) };
  }

  @Describe({
    summary: 'Rotate a service user’s key',
    description: 'As the owner of a key would. Needs a fresh login.',
    answers: { 201: { description: 'Made. The key is shown this once.', type: NewApiKeyReply } },
    errors: ['step_up_required', 'forbidden', 'conflict', 'not_found'],
  })
  @Post(':id/rotate')
  async rotateUserApiKey(
    @Param() { userId, id }: OwnedApiKeyParams,
    @Body() { overlapSeconds }: RotateApiKeyRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewApiKeyReply> {
    if (!this.keys.areAccepted) throw new AuthError('not_found', { reason: 'strategy_switched_off' });
    await this.freshLogin.assert(auth);
    const owner = await this.service(userId);
    return NewApiKeyReply.from(
      await this.rotation.rotate(owner.id, id.toLowerCase(), overlapSeconds, actorOf(auth, request)),
    );
  }

  @Describe({
    summary: 'Revoke a user’s key',
    answers: { 204: { description: 'Revoked, on every node.' } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Delete(':id')
  @HttpCode(204)
  revokeUserApiKey(
    @Param() { userId, id }: OwnedApiKeyParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    return this.keys.revoke(userId.toLowerCase(), id.toLowerCase(), actorOf(auth, request));
  }

  private async user(id: string): Promise<UserRecord> {
    const user = await this.users.find(id);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    return user;
  }

  private async service(id: string): Promise<UserRecord> {
    const user = await this.user(id);
    // Whoever holds a person's key acts in their name: that is for them alone to give out.
    if (user.kind !== 'service') throw new AuthError('conflict', { reason: 'key_of_a_person' });
    return user;
  }
}

/** Absent fields of a request are undefined, and null in a row. */
function paramsFrom({ name, scopes, expiresInSeconds, ...limits }: CreateOwnedApiKeyRequest): CreateApiKeyParams {
  const { rateLimit = null, rateLimitWindowSeconds = null, quota = null, quotaWindowSeconds = null } = limits;
  return { name, scopes, expiresInSeconds, rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds };
}
