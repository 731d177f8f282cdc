import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AuthError } from '../../kernel/auth-error.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import { type OAuthToken, ownerOf } from './oauth-token.js';
import { LEEWAY_SECONDS, OAuthTokens } from './oauth-tokens.js';
import { jwtFormOf } from './token-body.js';
import { TokensInForce } from './tokens-in-force.js';

/** The prefix of a JWT within the library, which looks at no JWT at these endpoints. */
const PREFIX = 'jwt_';

/** As what the library keeps a token. */
export type TokenKind = 'AccessToken' | 'ClientCredentials';

/** The library's model of a token, as an adapter gives it. */
export type TokenPayload = Readonly<Record<string, unknown>>;

interface Handled {
  readonly handle: string;
  readonly token: OAuthToken;
  readonly scopes: readonly string[];
  readonly isBeingRevoked: boolean;
}

/**
 * Introspection and revocation (RFC 7662, RFC 7009) of access tokens that are JWTs: the library is given another name in their place, and
 * by that name a model made of the claims. A JWT that is none of ours, or holds no more, has a name that nothing is known by.
 */
@Injectable()
export class TokenHandles {
  private readonly ofRequests = new WeakMap<IncomingMessage, Handled>();
  private readonly described = new WeakMap<OAuthToken, TokenPayload>();

  constructor(
    private readonly tokens: OAuthTokens,
    private readonly inForce: TokensInForce,
    private readonly grants: OAuthGrants,
    private readonly resources: OAuthResources,
    private readonly scopes: OAuthScopes,
  ) {}

  /**
   * Looks into the body of a request to one of the two endpoints, before the library does.
   *
   * @returns the body with a name in the place of the JWT; null: there is none in it
   * @throws AuthError `unavailable`
   */
  async take(request: IncomingMessage, body: Buffer, endpoint: 'introspection' | 'revocation'): Promise<string | null> {
    const form = jwtFormOf(request, body);
    if (form === null) return null;
    const handled = await this.handle(form.jwt, endpoint === 'revocation');
    if (handled) this.ofRequests.set(request, handled);
    return form.withToken(handled?.handle ?? PREFIX);
  }

  /**
   * The library's view of a JWT, the same object for as long as nothing about it has changed; null for one that is none of ours, or no longer
   * valid.
   *
   * @throws AuthError `unavailable`
   */
  async describe(jwt: string): Promise<TokenPayload | null> {
    const handled = await this.handle(jwt, false);
    if (handled === null) return null;
    const known = this.described.get(handled.token);
    if (known && known.scope === scopeOf(handled)) return known;
    const payload = Object.freeze(payloadOf(handled));
    this.described.set(handled.token, payload);
    return payload;
  }

  /** Whether the library asks for a JWT by this name, and for nothing that a store could have. */
  isHandle(id: string): boolean {
    return id.startsWith(PREFIX);
  }

  /** The model of the token that this request is about; undefined when it is none of this kind, or holds no more. */
  find(request: IncomingMessage, kind: TokenKind, id: string): TokenPayload | undefined {
    const handled = this.ofRequests.get(request);
    if (!handled || handled.handle !== id || kindOf(handled.token) !== kind) return undefined;
    return payloadOf(handled);
  }

  /** Whether the model with this `jti` is of the JWT that this request is about. */
  isOf(request: IncomingMessage, jti: string): boolean {
    return this.ofRequests.get(request)?.token.jti === jti;
  }

  /** Revokes the JWT that this request is about, and nothing else of its grant; returns when no node accepts it. */
  async revoke(request: IncomingMessage): Promise<void> {
    const handled = this.ofRequests.get(request);
    if (!handled) return;
    const { token } = handled;
    await this.grants.revokeToken(ownerOf(token), token.jti, new Date((token.exp + LEEWAY_SECONDS) * 1000));
  }

  /**
   * Whether a client may look at a token: at its own, and at those for an API that it operates.
   *
   * @param aud as the library has it
   */
  async mayIntrospect(
    clientId: string,
    { clientId: owner, aud }: { clientId?: unknown; aud?: unknown },
  ): Promise<boolean> {
    if (owner === clientId) return true;
    const uris = [aud].flat().filter((uri) => typeof uri === 'string');
    const found = await Promise.all(uris.map((uri) => this.resources.find(uri)));
    return found.some((resource) => resource?.operatorClientId === clientId);
  }

  private async handle(jwt: string, isBeingRevoked: boolean): Promise<Handled | null> {
    const read = this.tokens.read(jwt);
    const token = read instanceof Promise ? await read : read;
    if (!token || this.tokens.isExpired(token)) return null;
    const handle = PREFIX + token.jti;
    // Whatever is over may be revoked besides; but no reply says of it that it holds.
    if (isBeingRevoked) return { handle, token, scopes: token.scopes, isBeingRevoked };
    const scopes = await this.heldOf(token);
    return scopes && { handle, token, scopes, isBeingRevoked };
  }

  /** Those of its scopes that still may be: of a client that may have less by now, or a user. Null when the token holds no more. */
  private async heldOf(token: OAuthToken): Promise<string[] | null> {
    try {
      const judged = this.inForce.judge(token);
      const { client, user } = judged instanceof Promise ? await judged : judged;
      const held = new Set<string>();
      for (const uri of token.audiences) {
        const found = this.resources.find(uri);
        const resource = found instanceof Promise ? await found : found;
        for (const scope of resource ? this.scopes.held(token.scopes, { client, resource, user }) : []) held.add(scope);
      }
      return [...held];
    } catch (error) {
      if (error instanceof AuthError && error.status === 401) return null;
      throw error;
    }
  }
}

function kindOf({ grantId }: OAuthToken): TokenKind {
  return grantId === null ? 'ClientCredentials' : 'AccessToken';
}

function scopeOf({ scopes }: Handled): string | undefined {
  return scopes.join(' ') || undefined;
}

function payloadOf(handled: Handled): TokenPayload {
  const { token, isBeingRevoked } = handled;
  const { jti, iat, exp, clientId, subject, grantId, audiences, confirmation } = token;
  // Without its grant when it is revoked: the library would end all of the grant's tokens with it.
  const ofGrant = grantId === null ? {} : { accountId: subject, ...(!isBeingRevoked && { grantId }) };
  return {
    kind: kindOf(token),
    jti,
    iat,
    exp,
    clientId,
    aud: audiences.length === 1 ? audiences[0] : [...audiences],
    scope: scopeOf(handled),
    ...ofGrant,
    ...(grantId === null && { extra: { sub: subject } }),
    ...confirmation,
  };
}
