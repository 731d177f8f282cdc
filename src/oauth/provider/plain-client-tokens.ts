import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { Clock } from '../../kernel/clock.js';
import { base64url } from '../../keys/jwt-encoding.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import type { OAuthResource } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import { claimsOfClient } from '../tokens/oauth-token.js';
import { headerOf } from '../tokens/oauth-token-header.js';
import { LibraryKeys } from './library-keys.js';
import { PlainForms } from './plain-form.js';
import { answerPlainly } from './plain-replies.js';
import { actingGeneration } from './token-claims.js';
import { TokenOutcomes } from './token-outcomes.js';

const GRANT_TYPE = 'client_credentials';
const FIELDS: ReadonlySet<string> = new Set(['grant_type', 'scope', 'resource']);
/** RFC 6749 §3.3 */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;
const JTI_BYTES = 32;

/** The properties of a requested token. */
interface Asked {
  readonly client: OAuthClient;
  readonly resource: OAuthResource;
  readonly generation: number;
  /** Undefined: none is left, or none was asked for. */
  readonly scope: string | undefined;
}

/**
 * Tokens that clients get for themselves (RFC 6749 §4.4, RFC 9068), without the library where a request has nothing unusual. No store is
 * asked: client, service user and resource are in this node's view, and what ends the token is in it as `gen`.
 */
@Injectable()
export class PlainClientTokens {
  private readonly issuer: string;

  constructor(
    private readonly forms: PlainForms,
    private readonly clients: OAuthClients,
    private readonly resources: OAuthResources,
    private readonly scopes: OAuthScopes,
    private readonly keys: LibraryKeys,
    private readonly outcomes: TokenOutcomes,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.issuer = new URL(options.of(coreOptions).publicUrl).origin;
  }

  /** False: the library has to. @throws AuthError `unavailable` */
  async answer(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<boolean> {
    const form = await this.forms.read(request, body, FIELDS);
    const asked = form?.fields.grant_type === GRANT_TYPE ? await this.askedBy(form.client, form.fields) : null;
    if (asked === null) return false;
    const token = this.signed(asked);
    this.outcomes.hasIssued(GRANT_TYPE);
    this.clients.used(asked.client.id);
    const { scope, resource } = asked;
    const expires_in = resource.accessTokenSeconds;
    const reply = { access_token: token, expires_in, scope, token_type: 'Bearer' };
    answerPlainly(response, 'DPoP-Nonce,WWW-Authenticate', JSON.stringify(reply));
    return true;
  }

  /** Null where anything of it is to be refused. */
  private async askedBy(client: OAuthClient, fields: Readonly<Record<string, string>>): Promise<Asked | null> {
    const { scope = '', resource: uri = client.defaultResource } = fields;
    const mayAsk = (client.metadata.grant_types as readonly unknown[] | undefined)?.includes(GRANT_TYPE) === true;
    if (!mayAsk || uri === null || (scope !== '' && !SCOPE.test(scope))) return null;
    const resource = await this.resources.find(uri);
    const generation = actingGeneration(client, this.clock.now());
    const user = client.serviceUser;
    if (!resource || generation === null || !user || !this.scopes.mayAsk(client, resource)) return null;
    const held = this.scopes.held(Object.keys(resource.scopes), { client, resource, user });
    const given = [...new Set(scope.split(' '))].filter((one) => held.includes(one));
    return { client, resource, generation, scope: given.join(' ') || undefined };
  }

  private signed({ client, resource, generation, scope }: Asked): string {
    const key = this.keys.signing;
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    const payload = {
      ...claimsOfClient({ generation }),
      jti: randomBytes(JTI_BYTES).toString('base64url'),
      sub: client.id,
      iat,
      exp: iat + resource.accessTokenSeconds,
      scope,
      client_id: client.id,
      iss: this.issuer,
      aud: resource.uri,
    };
    const input = `${headerOf(key)}.${base64url(JSON.stringify(payload))}`;
    return `${input}.${key.sign(input).toString('base64url')}`;
  }
}
