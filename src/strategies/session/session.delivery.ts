import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Cookies, cookiesIn } from '../../access/cookies.js';
import type { Exchange, Replier } from '../../access/replier.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { parseSecretToken, secretMatches } from '../../kernel/secret-token.js';
import { HintCookie } from '../../sessions/hint-cookie.js';
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
    cookies: Cookies,
    private readonly resolver: SessionResolver,
    private readonly hint: HintCookie,
    private readonly clock: Clock,
  ) {
    this.cookieName = cookies.hostName('session');
  }

  /** Every session cookie of the request, unchecked. More than one: one was planted. */
  readCookie(request: HttpRequest): string[] {
    return cookiesIn(request.headers.cookie, this.cookieName);
  }

  async deliver(
    { session, token }: StartedSession,
    _user: AuthUser,
    _transport: Transport,
    { replier }: Exchange,
  ): Promise<DeliveredTickets> {
    if (token === null) throw new TypeError('a session cookie needs a session with a secret');
    const left = session.absoluteExpiresAt.getTime() - this.clock.now().getTime();
    const maxAgeSeconds = Math.ceil(left / 1000);
    replier.setCookie({ name: this.cookieName, value: token, path: '/', maxAgeSeconds });
    this.hint.set(session.id, maxAgeSeconds, replier);
    return {};
  }

  isPresentedBy(caller: Caller): boolean {
    return caller.cookies(this.cookieName).length > 0;
  }

  async heldSessions(caller: Caller): Promise<string[]> {
    const held: string[] = [];
    for (const value of caller.cookies(this.cookieName)) {
      const token = parseSecretToken(value);
      // A session of another strategy has no secret, so nothing matches it.
      if (token && secretMatches(token.secret, await this.resolver.secretHashOf(token.id))) held.push(token.id);
    }
    return held;
  }

  withdraw(_caller: Caller, replier: Replier): void {
    replier.clearCookie({ name: this.cookieName, path: '/' });
    this.hint.clear(replier);
  }
}
