import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { Exchange } from '../access/replier.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import type { AuditEventType } from '../audit/audit-event-types.js';
import { SessionService } from './session.service.js';
import { delivers } from './ticket-delivery.js';

/** Logs out by every ticket that the request holds, of any strategy. */
@Injectable()
export class LogoutService {
  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly TicketStrategy[],
    private readonly sessions: SessionService,
  ) {}

  /** Ends the sessions the request proves to hold, if any, then clears their cookies. @throws AuthError `unavailable` only */
  async logout(exchange: Exchange): Promise<void> {
    await this.endHeld(exchange.caller, 'logout', 'logout');
    // Only now: a client whose logout failed must keep the ticket to try again.
    this.withdrawTickets(exchange);
  }

  /**
   * Makes room for a login: what this client held before ends, and cookies of strategies other than `next` are cleared. An
   * old ticket beside the new one would be refused as two, and must not outlive the login that replaced it.
   */
  async makeRoom(next: TicketStrategy, { caller, replier }: Exchange): Promise<void> {
    await this.endHeld(caller, 'replaced_by_login', 'session.replaced');
    if (!caller.hasCookies) return;
    for (const other of this.strategies.filter(delivers)) {
      if (other !== next) other.delivery.withdraw(caller, replier);
    }
  }

  /** Clears the cookies of every strategy. */
  withdrawTickets({ caller, replier }: Exchange): void {
    for (const { delivery } of this.strategies.filter(delivers)) delivery.withdraw(caller, replier);
  }

  private async endHeld(caller: Caller, reason: string, event: AuditEventType): Promise<void> {
    const deliveries = this.strategies.filter(delivers).map(({ delivery }) => delivery);
    let ended = 0;
    for (const delivery of deliveries) {
      for (const sessionId of await delivery.heldSessions(caller)) {
        await this.sessions.end(sessionId, reason, { event, origin: caller });
        ended += 1;
      }
    }
    // No session can be proven to a store that was emptied, yet another node may still answer from before that.
    const wasForgotten = ended === 0 && deliveries.some((delivery) => delivery.isPresentedBy(caller));
    if (wasForgotten) await this.sessions.outwaitForgotten();
  }
}
