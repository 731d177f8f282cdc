import { Injectable } from '@nestjs/common';
import type { Client, ResourceServer } from 'oidc-provider';
import { OAuthClients } from '../clients/oauth-clients.js';
import { DocumentClients } from '../grants/document-clients.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import type { Library } from './library.js';
import { ProviderKeys } from './provider-keys.js';

/** The APIs that a client may ask tokens for. */
@Injectable()
export class ResourceServers {
  constructor(
    private readonly clients: OAuthClients,
    private readonly documents: DocumentClients,
    private readonly resources: OAuthResources,
    private readonly scopes: OAuthScopes,
    private readonly keys: ProviderKeys,
  ) {}

  /** @throws the library's `invalid_target` for a resource that is unknown, or none of this client's */
  async infoOf({ errors }: Library, uri: string, { clientId }: Client): Promise<ResourceServer> {
    const [resource, registered] = await Promise.all([this.resources.find(uri), this.clients.find(clientId)]);
    const client = registered ?? this.documents.find(clientId);
    if (!resource || !client || !this.scopes.mayAsk(client, resource)) throw new errors.InvalidTarget();
    return {
      audience: uri,
      scope: this.scopes.offered(client, resource).join(' '),
      accessTokenTTL: resource.accessTokenSeconds,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: this.keys.algorithm as 'ES256' } },
    };
  }

  /** The resource of a client that names none; undefined: its token is good for userinfo only. */
  async defaultOf({ clientId }: Client): Promise<string | undefined> {
    return (await this.clients.find(clientId))?.defaultResource ?? undefined;
  }
}
