import { Inject, Injectable } from '@nestjs/common';
import type { Exchange } from '../access/replier.js';
import { STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import { HeldSessions } from './held-sessions.js';
import { delivers } from './ticket-delivery.js';

/** Logs out by every ticket of a login that the request holds: API keys and certificates are left alone. */
@Injectable()
export class LogoutService {
  constructor(
    @Inject(STRATEGIES) private readonly strategies: readonly TicketStrategy[],
    private readonly held: HeldSessions,
  ) {}

  /** Ends the sessions the request proves to hold, if any, then clears their cookies. @throws AuthError `unavailable` only */
  async logout(exchange: Exchange): Promise<void> {
    await this.held.endAll(exchange.caller, 'logout', 'logout');
    // Only now: a client whose logout failed must keep the ticket to try again.
    this.withdrawTickets(exchange);
  }

  /** Clears the cookies of every strategy. */
  withdrawTickets({ caller, replier }: Exchange): void {
    for (const { delivery } of this.strategies.filter(delivers)) delivery.withdraw(caller, replier);
  }
}
