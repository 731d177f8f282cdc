import { Injectable } from '@nestjs/common';
import { Cookies } from '../../access/cookies.js';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { parseSecretToken, secretMatches } from '../../kernel/secret-token.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import type { DeliveredTickets, StartedSession, TicketDelivery, Transport } from '../../sessions/ticket-delivery.js';

/** Hands the session cookie out and takes it back. Its value is `<session id>.<secret>`; it is never in a body. */
@Injectable()
export class SessionDelivery implements TicketDelivery {
  readonly needsSecret = true;
  /** A cookie is all there is. */
  readonly transports = ['cookie'] as const;
  private readonly cookieName: string;

  constructor(
    private readonly cookies: Cookies,
    private readonly resolver: SessionResolver,
    private readonly clock: Clock,
  ) {
    this.cookieName = cookies.hostName('session');
  }

  /** Every session cookie of the request, unchecked. More than one: somebody planted one. */
  readCookie(request: HttpRequest): string[] {
    return this.cookies.readCookie(request, this.cookieName);
  }

  async deliver(
    { session, token }: StartedSession,
    _user: AuthUser,
    _transport: Transport,
    _request: HttpRequest,
    reply: HttpReply,
  ): Promise<DeliveredTickets> {
    if (token === null) throw new TypeError('a session cookie needs a session with a secret');
    const left = session.absoluteExpiresAt.getTime() - this.clock.now().getTime();
    this.cookies.set(reply, { name: this.cookieName, value: token, path: '/', maxAgeSeconds: Math.ceil(left / 1000) });
    return {};
  }

  async heldSessions(request: HttpRequest): Promise<string[]> {
    const held: string[] = [];
    for (const value of this.readCookie(request)) {
      const token = parseSecretToken(value);
      const session = token && (await this.resolver.find(token.id));
      // A session of another strategy has no secret, so nothing matches it.
      if (session && secretMatches(token.secret, session.secretHash)) held.push(session.id);
    }
    return held;
  }

  withdraw(_request: HttpRequest, reply: HttpReply): void {
    this.cookies.clear(reply, { name: this.cookieName, path: '/' });
  }
}
