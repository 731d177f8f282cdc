import { Injectable } from '@nestjs/common';
import passportJwt, { type StrategyOptionsWithoutRequest } from 'passport-jwt';
import type { Caller } from '../../access/caller.js';
import type { SecurityScheme } from '../../access/security-scheme.js';
import { type LookedUp, type Ticket, ticketStrategyOn, type Verdict } from '../../access/ticket-strategy.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { SECURITY_SCHEMES } from '../../http/api-docs.js';
import { type AuthContext, type RecognisedAuth, requireSession, type SessionAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { KEYS_CHANGED } from '../../keys/known-keys.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import type { DeliveringStrategy } from '../../sessions/ticket-delivery.js';
import type { AccessTokenClaims } from './access-token-claims.js';
import { AccessTokens } from './access-tokens.js';
import { JwtDelivery } from './jwt.delivery.js';
import { TokenBinding } from './token-binding.js';
import { TokenCookies } from './token-cookies.js';
import { TokenUses } from './token-uses.js';

/**
 * passport-jwt's own verifier is one static of the whole process and knows no EdDSA: `authenticate` never asks it, and should
 * anything else do so, there is neither a token nor a key for it.
 */
const UNUSED: StrategyOptionsWithoutRequest = {
  jwtFromRequest: () => null,
  secretOrKeyProvider: (_request, _token, done) => done(new Error('unused')),
};

/** Recognises a request by its access token: `Authorization: Bearer`, or the cookie `__Host-access`. */
@Injectable()
export class JwtStrategy extends ticketStrategyOn(passportJwt.Strategy, UNUSED) implements DeliveringStrategy {
  static override securitySchemes(): Readonly<Record<string, SecurityScheme>> {
    return { [SECURITY_SCHEMES.jwt]: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } };
  }

  override readonly name = 'jwt';
  override readonly bearerTokens = 'rest';
  override readonly challenge = 'Bearer realm="coatcheck"';

  constructor(
    readonly delivery: JwtDelivery,
    private readonly cookies: TokenCookies,
    private readonly accessTokens: AccessTokens,
    private readonly resolver: SessionResolver,
    private readonly binding: TokenBinding,
    private readonly uses: TokenUses,
    private readonly clock: Clock,
  ) {
    super();
  }

  override ticketsOf(request: HttpRequest, bearer: readonly string[]): readonly Ticket[] {
    const tickets: Ticket[] = [];
    for (const value of bearer) tickets.push({ value, carrier: 'header' });
    for (const value of this.cookies.accessTokensIn(request)) tickets.push({ value, carrier: 'cookie' });
    return tickets;
  }

  override verify({ value: token }: Ticket, caller: Caller): Verdict | Promise<Verdict> {
    const asking = this.accessTokens.certain();
    return asking ? asking.then(() => this.verifyNow(token, caller)) : this.verifyNow(token, caller);
  }

  /**
   * Verifies claims whose signature, issuer, audience and times have been found right. Override it to demand more of them.
   *
   * @throws AuthError `unauthenticated`, `token_expired`, `session_ended`, `unavailable`
   */
  verifyClaims(claims: AccessTokenClaims): Verdict | Promise<Verdict> {
    // The signature proves the token. That its session still lives, no signature can: a logout must count at once.
    const auth = this.resolver.resolveSession(claims.sid, 'jwt', () => true);
    return auth instanceof Promise ? auth.then((later) => verdictOf(claims, later)) : verdictOf(claims, auth);
  }

  override async recheck(auth: AuthContext): Promise<Date> {
    const until = await this.resolver.recheck(auth);
    const end = (auth.by === 'session' && auth.ticketExpiresAt) || until;
    if (this.clock.milliseconds() >= end.getTime()) throw new AuthError('token_expired', { reason: 'exp' });
    return new Date(Math.min(end.getTime(), until.getTime()));
  }

  override async lookUp(token: string, audience: string): Promise<LookedUp> {
    await this.accessTokens.certain();
    if (!this.accessTokens.readSigned(token)) await this.accessTokens.learnKeyOf(token);
    const claims = this.accessTokens.verify(token);
    // One that may only enrol a factor has an audience of its own.
    if (![claims.aud].flat().includes(audience))
      throw new AuthError('unauthenticated', { reason: 'access_token_for_others' });
    const confirmation = confirmationOf(claims);
    this.noteFirstUse(claims);
    const { auth } = await this.verifyClaims(claims);
    return lookedUpOf(claims, auth, confirmation);
  }

  private verifyNow(token: string, caller: Caller): Verdict | Promise<Verdict> {
    const claims = this.accessTokens.readSigned(token);
    const learning = claims ? null : this.accessTokens.learnKeyOf(token);
    if (learning) return learning.then(() => this.verifyFor(caller, this.accessTokens.verify(token)));
    return this.verifyFor(caller, this.accessTokens.verify(token, claims));
  }

  private verifyFor(caller: Caller, claims: AccessTokenClaims): Verdict | Promise<Verdict> {
    this.binding.assertMayUse(claims, caller);
    this.noteFirstUse(claims);
    return this.verifyClaims(claims);
  }

  /** Its client has it, so the response that brought it was not lost. */
  private noteFirstUse(claims: AccessTokenClaims): void {
    if (this.accessTokens.isFirstUse(claims)) this.uses.set(claims.sid, new Date(claims.iat * 1000));
  }
}

/** The session of a banned user has ended, so this one is not banned. */
function verdictOf({ sub, ver, exp }: AccessTokenClaims, auth: SessionAuth): Verdict {
  if (auth.user.id !== sub) throw new AuthError('unauthenticated', { reason: 'session_of_another_user' });
  // The token's roles are copies. Counted, not timed: whether it was signed before the change, no two clocks would agree on.
  if (auth.user.revision !== ver) throw new AuthError('token_expired', { reason: 'user_changed_since' });
  const { by, user, strategy, session, claims } = auth;
  const ticketExpiresAt = new Date(exp * 1000);
  return { auth: { by, user, strategy, session, claims, ticketExpiresAt }, userBannedUntil: null };
}

function lookedUpOf(
  { exp }: AccessTokenClaims,
  auth: RecognisedAuth,
  confirmation: LookedUp['confirmation'],
): LookedUp {
  const { id, expiresAt, impersonatorId, onlyFor } = requireSession(auth);
  return {
    auth,
    userBannedUntil: null,
    subjects: [`session:${id}`, `user:${auth.user.id}`, KEYS_CHANGED.subject],
    until: new Date(Math.min(exp * 1000, expiresAt.getTime())),
    // It hangs on the admin too.
    mayKeep: impersonatorId === null && onlyFor === null,
    confirmation,
  };
}

/** @throws AuthError `unauthenticated` for one of a kind that no client can be asked to prove */
function confirmationOf({ cnf }: AccessTokenClaims): LookedUp['confirmation'] {
  if (cnf === undefined) return null;
  const thumbprint = cnf['x5t#S256'];
  if (typeof thumbprint === 'string' && Object.keys(cnf).length === 1) return { 'x5t#S256': thumbprint };
  throw new AuthError('unauthenticated', { reason: 'unknown_confirmation' });
}
