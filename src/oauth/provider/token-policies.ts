import { Injectable } from '@nestjs/common';
import type { Client } from 'oidc-provider';
import { OAuthResources } from '../resources/oauth-resources.js';

interface AnyToken {
  readonly clientId?: string | undefined;
  readonly aud?: string | string[] | undefined;
}

/** Whose tokens a client may ask about, and revoke. */
@Injectable()
export class TokenPolicies {
  constructor(private readonly resources: OAuthResources) {}

  /** Its own, and those for a resource that it operates. */
  async mayIntrospect({ clientId }: Client, token: AnyToken): Promise<boolean> {
    if (token.clientId === clientId) return true;
    if (typeof token.aud !== 'string') return false;
    return (await this.resources.find(token.aud))?.operatorClientId === clientId;
  }

  /** Its own. Of another's nothing is told, not even that it is one. RFC 7009 §2.2 */
  async mayRevoke({ clientId }: Client, token: AnyToken): Promise<boolean> {
    return token.clientId === clientId;
  }
}
