import { Injectable } from '@nestjs/common';
import type { Client, ResourceServer } from 'oidc-provider';
import type { AuthUser } from '../../kernel/auth-context.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { DocumentClients } from '../grants/document-clients.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import type { OAuthResource } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import type { OAuthContext } from './current-request.js';
import type { Library } from './library.js';
import { LibraryKeys } from './library-keys.js';

/** The APIs that a client may ask tokens for. */
@Injectable()
export class ResourceServers {
  constructor(
    private readonly clients: OAuthClients,
    private readonly documents: DocumentClients,
    private readonly grants: OAuthGrants,
    private readonly resources: OAuthResources,
    private readonly scopes: OAuthScopes,
    private readonly keys: LibraryKeys,
  ) {}

  /** @throws the library's `invalid_target` for a resource that is unknown, or none of this client's */
  async infoOf({ errors }: Library, ctx: OAuthContext, uri: string, { clientId }: Client): Promise<ResourceServer> {
    const [resource, registered] = await Promise.all([this.resources.find(uri), this.clients.find(clientId)]);
    const client = registered ?? this.documents.find(clientId);
    if (!resource || !client || !this.scopes.mayAsk(client, resource)) throw new errors.InvalidTarget();
    return {
      audience: uri,
      scope: (await this.issued(ctx, client, resource)).join(' '),
      accessTokenTTL: resource.accessTokenSeconds,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: this.keys.algorithm as 'ES256' } },
    };
  }

  /** Of what was allowed once, no token is given for what the user may not hand out any more, or the client's own user may not do. */
  private async issued(ctx: OAuthContext, client: OAuthClient, resource: OAuthResource): Promise<string[]> {
    const offered = this.scopes.offered(client, resource);
    const user = ctx.oidc.route === 'token' ? await this.userOf(ctx, client) : null;
    return user === null ? offered : this.scopes.held(offered, { client, resource, user });
  }

  private async userOf({ oidc }: OAuthContext, client: OAuthClient): Promise<AuthUser | null> {
    const { Grant } = oidc.entities;
    if (Grant) return (await this.grants.judge(Grant.jti))?.user ?? null;
    return oidc.params?.grant_type === 'client_credentials' ? client.serviceUser : null;
  }

  /** The resource of a client that names none; undefined: its token is good for userinfo only. */
  async defaultOf({ clientId }: Client): Promise<string | undefined> {
    return (await this.clients.find(clientId))?.defaultResource ?? undefined;
  }
}
