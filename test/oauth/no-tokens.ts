import { TicketStrategy } from '../../src/access/ticket-strategy.js';

/** The strategy `oauth`, for tests that use no token. */
export class NoTokens extends TicketStrategy {
  override readonly name = 'oauth';
  override readonly challenge = null;

  override ticketsOf() {
    return [];
  }

  override verify(): never {
    throw new Error('unused');
  }
}
