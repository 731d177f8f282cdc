import { Injectable } from '@nestjs/common';
import { hostCookieName } from '../../access/cookies.js';
import type { SecurityScheme } from '../../access/security-scheme.js';
import { type Ticket, TicketStrategy, type Verdict } from '../../access/ticket-strategy.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { SECURITY_SCHEMES } from '../../http/api-docs.js';
import type { AuthContext, SessionAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { parseSecretToken } from '../../kernel/secret-token.js';
import { VerifiedSecretCache } from '../../kernel/verified-secret-cache.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import type { DeliveringStrategy } from '../../sessions/ticket-delivery.js';
import { SessionDelivery } from './session.delivery.js';

/** Recognises a request by its session cookie. */
@Injectable()
export class SessionStrategy extends TicketStrategy implements DeliveringStrategy {
  static override securitySchemes(isSecure: boolean): Readonly<Record<string, SecurityScheme>> {
    return { [SECURITY_SCHEMES.session]: { type: 'apiKey', in: 'cookie', name: hostCookieName('session', isSecure) } };
  }

  override readonly name = 'session';
  override readonly challenge = 'Cookie realm="coatcheck"';
  private readonly proven = new VerifiedSecretCache();

  constructor(
    readonly delivery: SessionDelivery,
    private readonly resolver: SessionResolver,
  ) {
    super();
  }

  override ticketsOf(request: HttpRequest): readonly Ticket[] {
    const tickets: Ticket[] = [];
    for (const value of this.delivery.readCookie(request)) tickets.push({ value, carrier: 'cookie' });
    return tickets;
  }

  override verify({ value }: Ticket): Verdict | Promise<Verdict> {
    // Whatever is not exactly of our shape reaches no store: neither as a key nor inside a query.
    const token = parseSecretToken(value);
    if (!token) throw new AuthError('unauthenticated', { reason: 'malformed_session_cookie' });
    const auth = this.resolver.resolveSession(token.id, 'session', (hash) => this.proven.matches(token.secret, hash));
    return auth instanceof Promise ? auth.then(verdictOf) : verdictOf(auth);
  }

  override recheck(auth: AuthContext): Date | Promise<Date> {
    return this.resolver.recheck(auth);
  }
}

/** The session of a banned user has ended, so this one is not banned. */
function verdictOf(auth: SessionAuth): Verdict {
  return { auth, userBannedUntil: null };
}
