import { Injectable } from '@nestjs/common';
import { ScopePolicy } from '../../access/scope-policy.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { type OAuthResource, OIDC_SCOPES } from './oauth-resource.js';

/** Which scopes may be handed out: of an API, to a client, by a user. Asked when they are, and again at every request with them. */
@Injectable()
export class OAuthScopes {
  constructor(private readonly policy: ScopePolicy) {}

  /**
   * Whether the client may ask for tokens of this API at all. An admin's client only for those it names. Clients that no admin here registered, which
   * always ask their user for consent: for every one, unless an admin has named some.
   */
  mayAsk(client: OAuthClient, { uri }: Pick<OAuthResource, 'uri'>): boolean {
    const { resources, defaultResource } = client;
    return resources === null ? isAnybodys(client) : resources.includes(uri) || defaultResource === uri;
  }

  /** The scopes of the API that the client may ask for; none where it may not ask at all. */
  offered(client: OAuthClient, resource: OAuthResource): string[] {
    if (!this.mayAsk(client, resource)) return [];
    return Object.keys(resource.scopes).filter((scope) => mayAskFor(client, scope));
  }

  /** Of these scopes, those that the client may still ask for and the user may still hand out. */
  held(scopes: readonly string[], of: { client: OAuthClient; resource: OAuthResource; user: AuthUser }): string[] {
    const { client, resource, user } = of;
    if (!this.mayAsk(client, resource)) return [];
    // One by one: this is asked at every request, and an API may have many more.
    const isOffered = (scope: string) => Object.hasOwn(resource.scopes, scope) && mayAskFor(client, scope);
    return scopes.filter((scope) => isOffered(scope) && (isOfUser(scope) || this.policy.mayHold(user, scope)));
  }
}

/** Of OpenID Connect: every user may say who they are, and every client may ask. */
function isOfUser(scope: string): boolean {
  return OIDC_SCOPES.includes(scope);
}

function mayAskFor(client: OAuthClient, scope: string): boolean {
  if (isOfUser(scope)) return true;
  return client.scopes === null ? isAnybodys(client) : client.scopes.includes(scope);
}

function isAnybodys({ origin }: OAuthClient): boolean {
  return origin === 'registered' || origin === 'document';
}
