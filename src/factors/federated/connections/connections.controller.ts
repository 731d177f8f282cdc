import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../../access/route-decorators.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { Describe } from '../../../http/api-docs.js';
import { AuthController } from '../../../http/auth-controller.js';
import { ADMIN_ROLE } from '../../../kernel/admin-role.js';
import type { AuthContext } from '../../../kernel/auth-context.js';
import { actorOf } from '../../../security/actor.js';
import { ConnectionAdmin } from './connection-admin.js';
import { ConnectionDomains } from './connection-domains.js';
import { ConnectionDomainReply, ConnectionReply, ConnectionsReply, domainReply } from './connections.replies.js';
import {
  AddDomainRequest,
  ChangeConnectionRequest,
  ConnectionDomainParams,
  ConnectionIdParams,
  ConnectionsQuery,
  CreateConnectionRequest,
} from './connections.requests.js';
import { ShownConnections } from './shown-connections.js';

@AuthController('admin/connections', 'Admin')
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class ConnectionsController {
  constructor(
    private readonly admin: ConnectionAdmin,
    private readonly domains: ConnectionDomains,
    private readonly shown: ShownConnections,
    private readonly freshProof: FreshProof,
  ) {}

  @Describe({
    summary: 'List connections to outside providers',
    description: 'The most recently created first. Pages are stable while connections are added.',
    answers: { 200: { description: 'A page of connections, without their secrets.', type: ConnectionsReply } },
    errors: ['forbidden', 'validation_failed'],
  })
  @Get()
  listConnections(@Query() query: ConnectionsQuery): Promise<ConnectionsReply> {
    return this.shown.list(query);
  }

  @Describe({
    summary: 'Create a connection to an outside provider',
    description: 'Requires a fresh login or step-up. It links no user and creates no user unless its settings say so.',
    answers: { 201: { description: 'The connection, without its secret.', type: ConnectionReply } },
    errors: ['step_up_required', 'forbidden', 'conflict'],
  })
  @Post()
  @HttpCode(201)
  async createConnection(
    @Body() order: CreateConnectionRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ConnectionReply> {
    await this.freshProof.assert(auth);
    return this.shown.of(await this.admin.create(order, actorOf(auth, request)));
  }

  @Describe({
    summary: 'Read a connection to an outside provider',
    answers: { 200: { description: 'The connection, without its secret.', type: ConnectionReply } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Get(':id')
  readConnection(@Param() { id }: ConnectionIdParams): Promise<ConnectionReply> {
    return this.shown.find(id);
  }

  @Describe({
    summary: 'Change a connection to an outside provider',
    description:
      'What is absent stays. Requires a fresh login or step-up, unless it only disables the connection. A disabled connection is refused on every node when this is answered, and the sessions that rest on logins by it have ended.',
    answers: { 200: { description: 'The changed connection.', type: ConnectionReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Patch(':id')
  async changeConnection(
    @Param() { id }: ConnectionIdParams,
    @Body() edits: ChangeConnectionRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ConnectionReply> {
    if (!onlyDisables(edits)) await this.freshProof.assert(auth);
    return this.shown.of(await this.admin.change(id, edits, actorOf(auth, request)));
  }

  @Describe({
    summary: 'Delete a connection to an outside provider',
    description:
      'The logins that users have linked go with it, and the sessions that rest on them have ended on every node when this is answered.',
    answers: { 204: { description: 'The connection is deleted.' } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Delete(':id')
  @HttpCode(204)
  async deleteConnection(
    @Param() { id }: ConnectionIdParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.freshProof.assert(auth);
    await this.admin.remove(id, actorOf(auth, request));
  }

  @Describe({
    summary: 'Add a domain to a connection',
    description:
      'Requires a fresh login or step-up. Addresses of a verified domain are sent to the connection. Without the proof the domain is noted; publish the TXT record of the answer, and ask again.',
    answers: { 201: { description: 'The domain, verified or not.', type: ConnectionDomainReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict', 'unavailable'],
  })
  @Post(':id/domains')
  @HttpCode(201)
  async addConnectionDomain(
    @Param() { id }: ConnectionIdParams,
    @Body() { domain, proof = 'dns' }: AddDomainRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ConnectionDomainReply> {
    await this.freshProof.assert(auth);
    const added = await this.domains.add(id, domain, proof, actorOf(auth, request));
    return domainReply(added, this.domains.recordFor(id, added.domain));
  }

  @Describe({
    summary: 'Remove a domain from a connection',
    description: 'Requires a fresh login or step-up: where the connection was enforced, passwords count again.',
    answers: { 204: { description: 'The domain is removed.' } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict', 'validation_failed'],
  })
  @Delete(':id/domains/:domain')
  @HttpCode(204)
  async removeConnectionDomain(
    @Param() { id, domain }: ConnectionDomainParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.freshProof.assert(auth);
    await this.domains.remove(id, domain, actorOf(auth, request));
  }
}

/** It only takes away: a thief of an admin's session gains nothing by it that a step-up would prevent. */
function onlyDisables({ disabled, ...others }: ChangeConnectionRequest): boolean {
  return disabled === true && Object.values(others).every((value) => value === undefined);
}
