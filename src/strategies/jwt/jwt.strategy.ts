import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import passportJwt from 'passport-jwt';
import { type Caller, Callers } from '../../access/caller.js';
import type { HttpRequest } from '../../access/http-exchange.js';
import type { Ticket } from '../../access/strategy.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import type { DeliveringStrategy } from '../../sessions/ticket-delivery.js';
import { AccessTokens } from './access-token.js';
import type { AccessTokenClaims } from './access-token-claims.js';
import { bearerTokens } from './bearer.js';
import { JwtDelivery } from './jwt-delivery.js';
import { TokenBinding } from './token-binding.js';
import { TokenCookies } from './token-cookies.js';

/** Recognises a request by its access token: `Authorization: Bearer`, or the cookie `__Host-access`. */
@Injectable()
export class JwtStrategy extends PassportStrategy(passportJwt.Strategy, 'jwt') implements DeliveringStrategy {
  override readonly name = 'jwt';
  readonly checksUserStatus = true;

  constructor(
    readonly delivery: JwtDelivery,
    private readonly cookies: TokenCookies,
    private readonly accessTokens: AccessTokens,
    private readonly resolver: SessionResolver,
    private readonly binding: TokenBinding,
    private readonly callers: Callers,
  ) {
    // passport-jwt's own verifier is one static of the whole process and knows no EdDSA: `authenticate` never asks it, and
    // should anything else do so, there is neither a token nor a key for it.
    super({ jwtFromRequest: () => null, secretOrKeyProvider: (_request, _token, done) => done(new Error('unused')) });
  }

  ticketsOf(request: HttpRequest): Ticket[] {
    const tickets: Ticket[] = [];
    for (const value of bearerTokens(request)) tickets.push({ value, carrier: 'header' });
    for (const value of this.cookies.accessTokensIn(request)) tickets.push({ value, carrier: 'cookie' });
    return tickets;
  }

  override authenticate(request: object, { ticket }: { ticket: Ticket }): void {
    let context: AuthContext | Promise<AuthContext>;
    try {
      context = this.recognize(ticket.value, this.callers.of(request as HttpRequest));
    } catch (error) {
      this.error(error as Error);
      return;
    }
    // At once when nobody had to be asked: a promise would cost every request a detour.
    if (!(context instanceof Promise)) this.success(context);
    else
      context.then(
        (later) => this.success(later),
        (error) => this.error(error),
      );
  }

  /**
   * Judges claims whose signature, issuer, audience and times have been found right. Override it to demand more of them.
   *
   * @throws AuthError `unauthenticated`, `token_expired`, `session_ended`, `unavailable`
   */
  validate(claims: AccessTokenClaims): AuthContext | Promise<AuthContext> {
    // The signature proves the token. That its session still lives, no signature can: a logout must count at once.
    const context = this.resolver.resolveSession(claims.sid, 'jwt', () => true);
    return context instanceof Promise ? context.then((later) => matching(claims, later)) : matching(claims, context);
  }

  private recognize(token: string, caller: Caller): AuthContext | Promise<AuthContext> {
    const asking = this.accessTokens.certain();
    return asking ? asking.then(() => this.recognizeNow(token, caller)) : this.recognizeNow(token, caller);
  }

  private recognizeNow(token: string, caller: Caller): AuthContext | Promise<AuthContext> {
    const claims = this.accessTokens.readSigned(token);
    const learning = claims ? null : this.accessTokens.learnKeyOf(token);
    if (learning) return learning.then(() => this.judge(this.accessTokens.verify(token), caller));
    return this.judge(this.accessTokens.verify(token, claims), caller);
  }

  private judge(claims: AccessTokenClaims, caller: Caller): AuthContext | Promise<AuthContext> {
    this.binding.assertMayUse(claims, caller);
    return this.validate(claims);
  }

  /** A throwaway: by its constructor a Nest strategy registers itself, by default with the whole process's Passport. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}

function matching({ sub, ver }: AccessTokenClaims, context: AuthContext): AuthContext {
  if (context.user.id !== sub) throw new AuthError('unauthenticated', { reason: 'session_of_another_user' });
  // The token's roles are copies. Counted, not timed: whether it was signed before the change, no two clocks would agree on.
  if (context.user.revision !== ver) throw new AuthError('token_expired', { reason: 'user_changed_since' });
  return context;
}
