import { Inject, Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange.js';
import { originOf } from '../access/request-origin.js';
import { RequestTickets } from '../access/request-tickets.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import type { AuditEventType } from '../audit/audit-events.js';
import { SessionService } from './session.service.js';
import { delivers } from './ticket-delivery.js';

/** Logging out: by whatever ticket the request holds, of whichever strategy. */
@Injectable()
export class LogoutService {
  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly TicketStrategy[],
    private readonly tickets: RequestTickets,
    private readonly sessions: SessionService,
  ) {}

  /** Ends the sessions the request proves to hold, if any, then clears their cookies. Knows no failure but `unavailable`. */
  async logout(request: HttpRequest, reply: HttpReply): Promise<void> {
    await this.endHeld(request, 'logout', 'logout');
    // Only now: a client whose logout failed must keep the ticket to try again.
    this.withdrawTickets(request, reply);
  }

  /**
   * Makes room for a login: what this client held before ends, and cookies of strategies other than `next` are cleared. An
   * old ticket beside the new one would be refused as two, and must not outlive the login that replaced it.
   */
  async makeRoom(next: TicketStrategy, request: HttpRequest, reply: HttpReply): Promise<void> {
    await this.endHeld(request, 'replaced_by_login', 'session.replaced');
    if (request.headers.cookie === undefined) return;
    for (const other of this.strategies.filter(delivers)) {
      if (other !== next) other.delivery.withdraw(request, reply);
    }
  }

  /** Clears the cookies of every strategy. */
  withdrawTickets(request: HttpRequest, reply: HttpReply): void {
    for (const { delivery } of this.strategies.filter(delivers)) delivery.withdraw(request, reply);
  }

  private async endHeld(request: HttpRequest, reason: string, event: AuditEventType): Promise<void> {
    let ended = 0;
    for (const { delivery } of this.strategies.filter(delivers)) {
      for (const sessionId of await delivery.heldSessions(request)) {
        await this.sessions.end(sessionId, reason, { event, origin: originOf(request) });
        ended += 1;
      }
    }
    // Nobody can prove a session to a store that was emptied, yet another node may still answer from before that.
    if (ended === 0 && this.tickets.areIn(request)) await this.sessions.outwaitForgotten();
  }
}
