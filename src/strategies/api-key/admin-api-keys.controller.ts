import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import { isSwitchedOn } from '../../config/core-options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
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

@AuthController('admin/users/:userId/api-keys', 'Admin', isSwitchedOn('api-key'))
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
    summary: 'Create an API key for a service user',
    description: 'Requires a fresh login or step-up. Persons create their own keys: for them the answer is `conflict`.',
    answers: { 201: { description: 'Created. The key is shown only once.', type: NewApiKeyReply } },
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
    summary: 'List the API keys of a user',
    answers: { 200: { description: 'A page of API keys, without their secrets.', type: ApiKeysReply } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Get()
  async listUserApiKeys(@Param() { userId }: ApiKeyOwnerParams, @Query() query: PageQuery): Promise<ApiKeysReply> {
    const { id } = await this.user(userId);
    return ApiKeysReply.of(await this.keys.listOf(id), query);
  }

  @Describe({
    summary: 'Read the usage of an API key of a user',
    answers: { 200: { description: 'Number of requests per day.', type: ApiKeyUsageReply } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Get(':id/usage')
  async readUserApiKeyUsage(@Param() { userId, id }: OwnedApiKeyParams): Promise<ApiKeyUsageReply> {
    const key = await this.keys.get(userId.toLowerCase(), id.toLowerCase());
    return { days: await this.usage.of(key.id, DAYS_SHOWN) };
  }

  @Describe({
    summary: 'Rotate an API key of a service user',
    description: 'Works as for the owner of a key. Requires a fresh login or step-up.',
    answers: { 201: { description: 'Created. The key is shown only once.', type: NewApiKeyReply } },
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
    summary: 'Revoke an API key of a user',
    answers: { 204: { description: 'The key is revoked on every node.' } },
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
    // The holder of a person's key acts in their name: only they themselves may give it out.
    if (user.kind !== 'service') throw new AuthError('conflict', { reason: 'key_of_a_person' });
    return user;
  }
}

/** Absent fields of a request are undefined, and null in a row. */
function paramsFrom({ name, scopes, expiresInSeconds, ...limits }: CreateOwnedApiKeyRequest): CreateApiKeyParams {
  const { rateLimit = null, rateLimitWindowSeconds = null, quota = null, quotaWindowSeconds = null } = limits;
  return { name, scopes, expiresInSeconds, rateLimit, rateLimitWindowSeconds, quota, quotaWindowSeconds };
}
