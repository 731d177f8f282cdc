import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { pageSize } from '../../http/page-query.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { actorOf } from '../../security/actor.js';
import { isOAuthOn } from '../oauth-options.js';
import { ClientFiles } from './client-files.js';
import { ClientTable } from './client-table.js';
import { NewOAuthClientReply, OAuthClientReply, OAuthClientsReply } from './clients.replies.js';
import {
  ChangeClientRequest,
  CreateClientRequest,
  OAuthClientParams,
  OAuthClientsQuery,
  RenewSecretRequest,
} from './clients.requests.js';
import { type NewClient, OAuthClientAdmin } from './oauth-client-admin.js';

@AuthController('admin/clients', 'Admin', isOAuthOn)
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class OAuthClientsController {
  constructor(
    private readonly admin: OAuthClientAdmin,
    private readonly table: ClientTable,
    private readonly files: ClientFiles,
    private readonly freshProof: FreshProof,
    private readonly clock: Clock,
  ) {}

  @Describe({
    summary: 'List OAuth clients',
    description: 'The most recently created first. Pages are stable while clients are added.',
    answers: { 200: { description: 'A page of clients, without their secrets.', type: OAuthClientsReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  async listClients(@Query() { origin, cursor, limit }: OAuthClientsQuery): Promise<OAuthClientsReply> {
    const size = pageSize(limit);
    const before = idsIn(cursor, 1)?.[0];
    const found = await this.table.list({ origin, before, limit: size + 1 });
    const shown = found.slice(0, size);
    const nextCursor = found.length > size ? cursorOf(shown.at(-1)!.id) : null;
    const now = this.clock.now();
    const ofFile = before === undefined && origin === undefined ? this.files.all() : [];
    return {
      clients: shown.map((row) => OAuthClientReply.of(row, now)),
      fileClients: ofFile.map((one) => OAuthClientReply.ofFile(one)),
      nextCursor,
    };
  }

  @Describe({
    summary: 'Create an OAuth client',
    description:
      'Requires a fresh login or step-up. `scopes` must be scopes of its `resources`. With a service user, the client may act for itself as that user.',
    answers: { 201: { description: 'The client. Its secret is shown only once.', type: NewOAuthClientReply } },
    errors: ['step_up_required', 'forbidden'],
  })
  @Post()
  @HttpCode(201)
  async createClient(
    @Body() order: CreateClientRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewOAuthClientReply> {
    await this.freshProof.assert(auth);
    return this.made(await this.admin.create(order, actorOf(auth, request)));
  }

  @Describe({
    summary: 'Read an OAuth client',
    answers: { 200: { description: 'The client, without its secrets.', type: OAuthClientReply } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Get(':id')
  async readClient(@Param() { id }: OAuthClientParams): Promise<OAuthClientReply> {
    const listed = this.files.find(id);
    return listed ? OAuthClientReply.ofFile(listed) : OAuthClientReply.of(await this.table.get(id), this.clock.now());
  }

  @Describe({
    summary: 'Change an OAuth client',
    description:
      'What is absent stays; null removes. Requires a fresh login or step-up, unless it only disables the client. A disabled client is refused on every node when this is answered, with everything that users have granted it.',
    answers: { 200: { description: 'The changed client.', type: OAuthClientReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Patch(':id')
  async changeClient(
    @Param() { id }: OAuthClientParams,
    @Body() changes: ChangeClientRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<OAuthClientReply> {
    if (!onlyDisables(changes)) await this.freshProof.assert(auth);
    return OAuthClientReply.of(await this.admin.change(id, changes, actorOf(auth, request)), this.clock.now());
  }

  @Describe({
    summary: 'Delete an OAuth client',
    description:
      'Everything that users have granted it ends, and its tokens are refused on every node when this is answered. Its service user stays: delete that as well if nothing else uses it.',
    answers: { 204: { description: 'The client is deleted.' } },
    errors: ['forbidden', 'not_found', 'conflict'],
  })
  @Delete(':id')
  @HttpCode(204)
  async deleteClient(
    @Param() { id }: OAuthClientParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.admin.remove(id, actorOf(auth, request));
  }

  @Describe({
    summary: 'Renew the secret of an OAuth client',
    description:
      'Requires a fresh login or step-up. The secret before stays valid for `overlapSeconds`, any earlier one does not. With 0, tokens that the client got for itself end as well. After `POST /admin/revoke-all` this also lets the client act for itself again.',
    answers: { 201: { description: 'The client. Its new secret is shown only once.', type: NewOAuthClientReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Post(':id/secret')
  @HttpCode(201)
  async renewClientSecret(
    @Param() { id }: OAuthClientParams,
    @Body() { overlapSeconds }: RenewSecretRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<NewOAuthClientReply> {
    await this.freshProof.assert(auth);
    return this.made(await this.admin.renewSecret(id, overlapSeconds, actorOf(auth, request)));
  }

  private made({ client, clientSecret }: NewClient): NewOAuthClientReply {
    const shown = OAuthClientReply.of(client, this.clock.now());
    return clientSecret === undefined ? { client: shown } : { client: shown, clientSecret };
  }
}

/** It only takes away: a thief of an admin's session gains nothing by it that a step-up would prevent. */
function onlyDisables({ disabled, ...others }: ChangeClientRequest): boolean {
  return disabled === true && Object.values(others).every((value) => value === undefined);
}
