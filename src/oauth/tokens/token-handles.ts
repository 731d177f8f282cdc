import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader } from 'jose';
import { AuthError } from '../../kernel/auth-error.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { type OAuthToken, ownerOf } from './oauth-token.js';
import { LEEWAY_SECONDS, OAuthTokens } from './oauth-tokens.js';
import { TokensInForce } from './tokens-in-force.js';

/** What a JWT is called within the library, which looks at no JWT at these endpoints. No id of an artifact is like it. */
const PREFIX = 'jwt_';

/** As what the library keeps a token. */
export type TokenKind = 'AccessToken' | 'ClientCredentials';

/** The library's model of a token, as an adapter gives it. */
export type TokenPayload = Readonly<Record<string, unknown>>;

/** A JWT of ours that a client asks about. */
export interface HandledToken {
  /** Its name in the place of its text. */
  readonly handle: string;
  readonly token: OAuthToken;
  readonly isBeingRevoked: boolean;
}

/** What goes on to the library. */
export interface TakenBody {
  readonly sent: Buffer;
  readonly jwt: HandledToken | null;
}

/** Whether the library asks for a JWT by its name. */
export function isTokenHandle(id: string): boolean {
  return id.startsWith(PREFIX);
}

/**
 * Introspection and revocation (RFC 7662, RFC 7009) of access tokens that are JWTs: the library is given another name in their place, and
 * by that name a model made of the claims. A JWT that is none of ours, or holds no more, has a name that nothing is known by.
 */
@Injectable()
export class TokenHandles {
  constructor(
    private readonly tokens: OAuthTokens,
    private readonly inForce: TokensInForce,
    private readonly grants: OAuthGrants,
  ) {}

  /**
   * A JWT in the form that was sent to one of the two endpoints has its name there afterwards.
   *
   * @param endpoint null: another one, whose body is left as it is
   * @throws AuthError `unavailable`
   */
  async take(sent: Buffer, endpoint: 'introspection' | 'revocation' | null): Promise<TakenBody> {
    if (endpoint === null) return { sent, jwt: null };
    const form = new URLSearchParams(sent.toString());
    const [token, ...more] = form.getAll('token');
    if (token === undefined || more.length > 0 || !isJwt(token)) return { sent, jwt: null };
    const jwt = await this.handle(token, endpoint === 'revocation');
    form.set('token', jwt?.handle ?? PREFIX);
    return { sent: Buffer.from(form.toString()), jwt };
  }

  /** The model by this name; undefined when it is none of this kind, or nothing is known by it. */
  payloadOf(asked: HandledToken | null, kind: TokenKind, handle: string): TokenPayload | undefined {
    return asked?.handle === handle && kindOf(asked.token) === kind ? payloadOf(asked) : undefined;
  }

  /** Revokes the JWT, and nothing else of its grant; returns when no node accepts it. */
  async revoke({ token }: HandledToken): Promise<void> {
    await this.grants.revokeToken(ownerOf(token), token.jti, new Date((token.exp + LEEWAY_SECONDS) * 1000));
  }

  private async handle(jwt: string, isBeingRevoked: boolean): Promise<HandledToken | null> {
    const token = await this.tokens.read(jwt);
    if (!token || this.tokens.isExpired(token)) return null;
    // Whatever is over may be revoked besides; but nobody is told of it as of something that holds.
    if (!isBeingRevoked && !(await this.holds(token))) return null;
    return { handle: PREFIX + token.jti, token, isBeingRevoked };
  }

  private async holds(token: OAuthToken): Promise<boolean> {
    try {
      await this.inForce.judge(token);
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.status === 401) return false;
      throw error;
    }
  }
}

/** What the library would refuse as one. */
function isJwt(token: string): boolean {
  try {
    return decodeProtectedHeader(token) !== undefined;
  } catch {
    return false;
  }
}

function kindOf({ grantId }: OAuthToken): TokenKind {
  return grantId === null ? 'ClientCredentials' : 'AccessToken';
}

function payloadOf({ token, isBeingRevoked }: HandledToken): TokenPayload {
  const { jti, iat, exp, clientId, subject, grantId, audiences, scopes, confirmation } = token;
  // Without its grant when it is revoked: the library would end all of the grant's tokens with it.
  const ofGrant = grantId === null ? {} : { accountId: subject, ...(!isBeingRevoked && { grantId }) };
  return {
    kind: kindOf(token),
    jti,
    iat,
    exp,
    clientId,
    aud: audiences.length === 1 ? audiences[0] : [...audiences],
    scope: scopes.join(' ') || undefined,
    ...ofGrant,
    ...(grantId === null && { extra: { sub: subject } }),
    ...confirmation,
  };
}
