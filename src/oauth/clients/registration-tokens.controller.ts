import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { PageQuery, pageSize } from '../../http/page-query.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { actorOf } from '../../security/actor.js';
import { isOAuthOn } from '../oauth-options.js';
import { RegistrationTokens } from './registration-tokens.js';
import {
  CreateRegistrationTokenRequest,
  NewRegistrationTokenReply,
  RegistrationTokenParams,
  RegistrationTokenReply,
  RegistrationTokensReply,
} from './registration-tokens.requests.js';

@AuthController('admin/registration-tokens', 'Admin', isOAuthOn)
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class RegistrationTokensController {
  constructor(
    private readonly tokens: RegistrationTokens,
    private readonly freshProof: FreshProof,
  ) {}

  @Describe({
    summary: 'Create a token that lets OAuth clients register',
    description:
      'Requires a fresh login or step-up. Used where `OAUTH_REGISTRATION` is `token`. The token works only while the caller is an admin, and ends when the caller logs out other sessions, changes the password or recovers the account in another way.',
    answers: { 201: { description: 'Created. The token is shown only once.', type: NewRegistrationTokenReply } },
    errors: ['step_up_required', 'forbidden'],
  })
  @Post()
  @HttpCode(201)
  async createRegistrationToken(
    @Body() order: CreateRegistrationTokenRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewRegistrationTokenReply> {
    await this.freshProof.assert(auth);
    const { token, made } = await this.tokens.make(order, actorOf(auth, request));
    return { token, ...RegistrationTokenReply.of(made) };
  }

  @Describe({
    summary: 'List the tokens that let OAuth clients register',
    description: 'The most recent first. Used up and expired ones are not listed.',
    answers: { 200: { description: 'A page of tokens, without their secrets.', type: RegistrationTokensReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async listRegistrationTokens(@Query() { cursor, limit }: PageQuery): Promise<RegistrationTokensReply> {
    const size = pageSize(limit);
    const found = await this.tokens.list(idsIn(cursor, 1)?.[0], size + 1);
    const shown = found.slice(0, size);
    const nextCursor = found.length > size ? cursorOf(shown.at(-1)!.id) : null;
    return { registrationTokens: shown.map((one) => RegistrationTokenReply.of(one)), nextCursor };
  }

  @Describe({
    summary: 'Delete a token that lets OAuth clients register',
    description: 'Clients that have registered by it stay.',
    answers: { 204: { description: 'No client can register by it any more.' } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Delete(':id')
  @HttpCode(204)
  async deleteRegistrationToken(
    @Param() { id }: RegistrationTokenParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.tokens.remove(id.toLowerCase(), actorOf(auth, request));
  }
}
