import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { SecurityScheme } from '../access/security-scheme.js';
import { type LookedUp, type Ticket, TicketStrategy, type Verdict } from '../access/ticket-strategy.js';
import { MACHINE_SCHEMES } from '../http/api-docs.js';
import { type AuthContext, type AuthCredential, ticketIdOf } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { Subject } from '../revocation/revocation-feed.js';
import type { OAuthResource } from './resources/oauth-resource.js';
import { RESOURCES_CHANGED } from './resources/oauth-resources.js';
import { OAuthScopes } from './resources/oauth-scopes.js';
import { DPOP_ALGORITHMS } from './tokens/dpop-proofs.js';
import type { OAuthToken } from './tokens/oauth-token.js';
import { isOAuthTokenShaped } from './tokens/oauth-token-header.js';
import { OAuthTokens } from './tokens/oauth-tokens.js';
import { OwnAudiences } from './tokens/own-audiences.js';
import { TokenHolders } from './tokens/token-holders.js';
import { TokenLookUps } from './tokens/token-look-ups.js';
import { authOf, type TokenRoot, TokensInForce } from './tokens/tokens-in-force.js';

/** The earlier answer to a token, while nothing about it has changed. */
interface Answer {
  readonly root: TokenRoot;
  readonly resources: readonly OAuthResource[];
  readonly verdict: Verdict;
}

/**
 * Recognises a request by an access token that the provider issued to a client for this application: `Authorization: Bearer`, or `DPoP`
 * with a proof. No store is asked while this node knows the token's grant.
 */
@Injectable()
export class OAuthStrategy extends TicketStrategy {
  static override securitySchemes(): Readonly<Record<string, SecurityScheme>> {
    const description =
      'Access token of a client, issued by `POST /oauth/token` for this resource. One that is bound to a key comes as `Authorization: DPoP` with a proof (RFC 9449).';
    return { [MACHINE_SCHEMES.oauth]: { type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt', description } };
  }

  override readonly name = 'oauth';
  override readonly bearerTokens = isOAuthTokenShaped;
  override readonly dpopTokens = isOAuthTokenShaped;
  override readonly challenge = ['Bearer realm="coatcheck"', `DPoP algs="${DPOP_ALGORITHMS.join(' ')}"`];
  private readonly answers = new WeakMap<OAuthToken, Answer>();
  /** A credential is made for one token: by it a connection's is found again. */
  private readonly recognised = new WeakMap<AuthCredential, { readonly token: OAuthToken; readonly root: TokenRoot }>();

  constructor(
    private readonly tokens: OAuthTokens,
    private readonly holders: TokenHolders,
    private readonly inForce: TokensInForce,
    private readonly audiences: OwnAudiences,
    private readonly scopes: OAuthScopes,
    private readonly lookUps: TokenLookUps,
  ) {
    super();
  }

  override verify(ticket: Ticket, caller: Caller): Verdict | Promise<Verdict> {
    const token = this.tokens.verify(ticket.value);
    return token instanceof Promise
      ? token.then((later) => this.verifyHeld(later, ticket, caller))
      : this.verifyHeld(token, ticket, caller);
  }

  override async recheck(auth: AuthContext): Promise<Date> {
    const { token } = this.recognisedBy(auth) ?? {};
    if (!token) throw new AuthError('unauthenticated', { reason: 'not_recognised_here' });
    if (this.tokens.isExpired(token)) throw new AuthError('token_expired', { reason: 'oauth_token_expired' });
    const { user, client } = await this.inForce.judge(token);
    // What a connection was opened for was decided by them.
    const held = new Set(this.heldOf(token, await this.audiences.of(token), { client, user }));
    if (auth.by !== 'session' && !auth.scopes.every((scope) => held.has(scope)))
      throw new AuthError('token_expired', { reason: 'scopes_taken_since' });
    if (user.revision !== auth.user.revision) throw new AuthError('token_expired', { reason: 'user_changed_since' });
    return new Date(token.exp * 1000);
  }

  override subjectsOf(auth: AuthContext): readonly [Subject, ...Subject[]] {
    const subjects = this.recognisedBy(auth)?.root.subjects ?? [`key:${ticketIdOf(auth)}`];
    // An API may lose a scope that a connection was opened by.
    return [...subjects, RESOURCES_CHANGED.subject];
  }

  override lookUp(token: string, audience: string): Promise<LookedUp> {
    return this.lookUps.judge(token, audience);
  }

  private heldOf(
    { scopes }: OAuthToken,
    resources: readonly OAuthResource[],
    of: Pick<TokenRoot, 'client' | 'user'>,
  ): string[] {
    const { client, user } = of;
    return [...new Set(resources.flatMap((resource) => this.scopes.held(scopes, { client, user, resource })))];
  }

  private recognisedBy(auth: AuthContext) {
    return auth.by === 'session' ? undefined : this.recognised.get(auth.credential);
  }

  private verifyHeld(token: OAuthToken, ticket: Ticket, caller: Caller): Verdict | Promise<Verdict> {
    const resources = this.audiences.of(token);
    const holding = this.holders.assertHolder(token, ticket, caller);
    if (holding === null && !(resources instanceof Promise)) return this.judge(token, resources);
    return Promise.all([resources, holding]).then(([found]) => this.judge(token, found));
  }

  private judge(token: OAuthToken, resources: readonly OAuthResource[]): Verdict | Promise<Verdict> {
    const root = this.inForce.judge(token);
    return root instanceof Promise
      ? root.then((later) => this.answer(token, later, resources))
      : this.answer(token, root, resources);
  }

  private answer(token: OAuthToken, root: TokenRoot, resources: readonly OAuthResource[]): Verdict {
    const known = this.answers.get(token);
    if (known && known.root === root && known.resources === resources) return known.verdict;
    const held = this.heldOf(token, resources, root);
    const resourcePaths = resources.flatMap(({ uri }) => this.audiences.pathOf(uri) ?? []);
    const auth = authOf(token, root, { scopes: held, resourcePaths });
    this.recognised.set(auth.credential, { token, root });
    // A banned user has no grant in force.
    const verdict = Object.freeze({ auth, userBannedUntil: null });
    this.answers.set(token, { root, resources, verdict });
    return verdict;
  }
}
