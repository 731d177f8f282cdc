import { Body, Delete, Get, HttpCode, Param, Put, Req } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { actorOf } from '../../security/actor.js';
import { isOAuthOn } from '../oauth-options.js';
import { noSuchResource, OAuthResourceAdmin } from './oauth-resource-admin.js';
import { OAuthResources } from './oauth-resources.js';
import { ResourceReply, ResourcesReply, ResourceUriParams, SaveResourceRequest } from './resources.requests.js';

@AuthController('admin/resources', 'Admin', isOAuthOn)
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class OAuthResourcesController {
  constructor(
    private readonly resources: OAuthResources,
    private readonly admin: OAuthResourceAdmin,
    private readonly freshProof: FreshProof,
  ) {}

  @Describe({
    summary: 'List the resources that tokens are issued for',
    answers: { 200: { description: 'All resources; there are at most 1,000.', type: ResourcesReply } },
    errors: ['forbidden'],
  })
  @Get()
  async listResources(): Promise<ResourcesReply> {
    return { resources: (await this.resources.all()).map((one) => ResourceReply.of(one)) };
  }

  @Describe({
    summary: 'Read a resource',
    answers: { 200: { description: 'The resource.', type: ResourceReply } },
    errors: ['forbidden', 'validation_failed', 'not_found'],
  })
  @Get(':uri')
  async readResource(@Param() { uri }: ResourceUriParams): Promise<ResourceReply> {
    const found = await this.resources.find(uri);
    if (!found) throw noSuchResource();
    return ResourceReply.of(found);
  }

  @Describe({
    summary: 'Describe a resource',
    description:
      'Replaces what was said of it before. Requires a fresh login or step-up. A scope that is left out is refused on every node when this is answered. The scopes of this application itself are those of its routes: here they get their descriptions.',
    answers: { 200: { description: 'The resource.', type: ResourceReply } },
    errors: ['step_up_required', 'forbidden', 'conflict'],
  })
  @Put(':uri')
  async saveResource(
    @Param() { uri }: ResourceUriParams,
    @Body() params: SaveResourceRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ResourceReply> {
    await this.freshProof.assert(auth);
    return ResourceReply.of(await this.admin.save(uri, params, actorOf(auth, request)));
  }

  @Describe({
    summary: 'Delete a resource',
    description:
      'Tokens for it are refused on every node when this is answered. Clients that name it stay as they are.',
    answers: { 204: { description: 'The resource is deleted.' } },
    errors: ['forbidden', 'not_found', 'conflict'],
  })
  @Delete(':uri')
  @HttpCode(204)
  async deleteResource(
    @Param() { uri }: ResourceUriParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.admin.remove(uri, actorOf(auth, request));
  }
}
