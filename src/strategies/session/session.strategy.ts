import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { HttpRequest } from '../../access/http-exchange.js';
import type { Ticket } from '../../access/strategy.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { parseSecretToken } from '../../kernel/secret-token.js';
import { VerifiedSecretCache } from '../../kernel/verified-secret-cache.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import type { DeliveringStrategy } from '../../sessions/ticket-delivery.js';
import { SessionDelivery } from './session-delivery.js';

/** Recognises a request by its session cookie. */
@Injectable()
export class SessionStrategy extends PassportStrategy(passport.Strategy, 'session') implements DeliveringStrategy {
  override readonly name = 'session';
  readonly checksUserStatus = true;
  private readonly proven = new VerifiedSecretCache();

  constructor(
    readonly delivery: SessionDelivery,
    private readonly resolver: SessionResolver,
  ) {
    super();
  }

  ticketsOf(request: HttpRequest): Ticket[] {
    const tickets: Ticket[] = [];
    for (const value of this.delivery.readCookie(request)) tickets.push({ value, carrier: 'cookie' });
    return tickets;
  }

  override authenticate(_request: object, { ticket }: { ticket: Ticket }): void {
    let context: AuthContext | Promise<AuthContext>;
    try {
      context = this.validate(ticket.value);
    } catch (error) {
      this.error(error);
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

  /** Judges the value of a session cookie. @throws AuthError `unauthenticated`, `session_ended`, `unavailable` */
  validate(cookie: string): AuthContext | Promise<AuthContext> {
    // Whatever is not exactly of our shape reaches no store: neither as a key nor inside a query.
    const token = parseSecretToken(cookie);
    if (!token) throw new AuthError('unauthenticated', { reason: 'malformed_session_cookie' });
    return this.resolver.resolveSession(token.id, 'session', (secretHash) =>
      this.proven.matches(token.secret, secretHash),
    );
  }

  /** A throwaway: by its constructor a Nest strategy registers itself, by default with the whole process's Passport. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}
