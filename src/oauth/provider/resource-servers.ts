import { Injectable } from '@nestjs/common';
import type { Client, ResourceServer } from 'oidc-provider';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import type { Library } from './library.js';
import { ProviderKeys } from './provider-keys.js';

/** The APIs that a client may ask tokens for. */
@Injectable()
export class ResourceServers {
  constructor(
    private readonly clients: OAuthClients,
    private readonly resources: OAuthResources,
    private readonly keys: ProviderKeys,
  ) {}

  /** @throws the library's `invalid_target` for a resource that is unknown, or none of this client's */
  async infoOf({ errors }: Library, uri: string, { clientId }: Client): Promise<ResourceServer> {
    const [resource, client] = await Promise.all([this.resources.find(uri), this.clients.find(clientId)]);
    if (resource === null || !mayAsk(client, uri)) throw new errors.InvalidTarget();
    const scopes = Object.keys(resource.scopes).filter((scope) => mayHave(client, scope));
    return {
      audience: uri,
      scope: scopes.join(' '),
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

/** Clients that nobody here has registered may ask for all: their user is always asked. */
function isUnknown(client: OAuthClient | null): boolean {
  return client === null || client.origin === 'document' || client.origin === 'registered';
}

function mayAsk(client: OAuthClient | null, uri: string): boolean {
  return isUnknown(client) || client!.resources.includes(uri) || client!.defaultResource === uri;
}

function mayHave(client: OAuthClient | null, scope: string): boolean {
  return isUnknown(client) || client!.scopes.includes(scope);
}
