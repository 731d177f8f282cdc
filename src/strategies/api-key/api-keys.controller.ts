import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { originOf } from '../../access/request-origin.js';
import { CurrentAuth, CurrentUser } from '../../access/route-decorators.js';
import { isSwitchedOn } from '../../config/core-options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { PageQuery } from '../../http/page-query.js';
import type { AuthContext, AuthUser } from '../../kernel/auth-context.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysReply, ApiKeyUsageReply, NewApiKeyReply } from './api-keys.replies.js';
import { ApiKeyParams, CreateApiKeyRequest, RotateApiKeyRequest } from './api-keys.requests.js';
import { OwnApiKeys } from './own-api-keys.js';

/** The number of days that the owner can see. */
export const DAYS_SHOWN = 90;

@AuthController('auth/api-keys', 'Keys for machines', isSwitchedOn('api-key'))
export class ApiKeysController {
  constructor(
    private readonly own: OwnApiKeys,
    private readonly keys: ApiKeys,
    private readonly usage: ApiKeyUsage,
  ) {}

  @Describe({
    summary: 'Create an API key',
    description:
      'The key acts for its owner within its scopes, never beyond the rights of the owner. It cannot manage keys, credentials or sessions. Requires a fresh login or step-up. The owner is notified by e-mail.',
    answers: { 201: { description: 'Created. The key is shown only once.', type: NewApiKeyReply } },
    errors: ['step_up_required', 'forbidden', 'conflict', 'not_found'],
  })
  @Post()
  async createApiKey(
    @Body() params: CreateApiKeyRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewApiKeyReply> {
    return NewApiKeyReply.from(await this.own.create(params, auth, originOf(request)));
  }

  @Describe({
    summary: 'List my API keys',
    answers: { 200: { description: 'A page of API keys, without their secrets.', type: ApiKeysReply } },
    errors: ['validation_failed'],
  })
  @Get()
  async listApiKeys(@CurrentUser() { id }: AuthUser, @Query() query: PageQuery): Promise<ApiKeysReply> {
    return ApiKeysReply.of(await this.keys.listOf(id), query);
  }

  @Describe({
    summary: 'Read the usage of one of my API keys',
    answers: { 200: { description: 'Number of requests per day.', type: ApiKeyUsageReply } },
    errors: ['validation_failed', 'not_found'],
  })
  @Get(':id/usage')
  async readApiKeyUsage(@Param() { id }: ApiKeyParams, @CurrentUser() user: AuthUser): Promise<ApiKeyUsageReply> {
    const key = await this.keys.get(user.id, id.toLowerCase());
    return { days: await this.usage.of(key.id, DAYS_SHOWN) };
  }

  @Describe({
    summary: 'Rotate one of my API keys',
    description:
      'Creates a new key with the same name, scopes, limits and lifetime. The old key stays valid for the overlap. A key can be rotated once.',
    answers: { 201: { description: 'Created. The key is shown only once.', type: NewApiKeyReply } },
    errors: ['step_up_required', 'forbidden', 'conflict', 'not_found'],
  })
  @Post(':id/rotate')
  async rotateApiKey(
    @Param() { id }: ApiKeyParams,
    @Body() { overlapSeconds }: RotateApiKeyRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewApiKeyReply> {
    return NewApiKeyReply.from(await this.own.rotate(id, overlapSeconds, auth, originOf(request)));
  }

  @Describe({
    summary: 'Revoke one of my API keys',
    answers: { 204: { description: 'The key is revoked on every node.' } },
    errors: ['validation_failed', 'forbidden', 'not_found'],
  })
  @Delete(':id')
  @HttpCode(204)
  async revokeApiKey(
    @Param() { id }: ApiKeyParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.own.revoke(id, auth, originOf(request));
  }
}
