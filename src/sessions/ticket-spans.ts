import type { TicketStrategy } from '../access/ticket-strategy.js';
import { defineSpans, type TracedCall, traced } from '../kernel/span.js';
import { delivers } from './ticket-delivery.js';

export const ticketSpanDescriptions = defineSpans({
  'coatcheck.token.issue': {
    help: 'The tickets of a new session on their way to the client, among them a first refresh token that is stored.',
    attributes: {
      'coatcheck.strategy': 'That issues them.',
      'coatcheck.token.kid': 'Of an access token: the key that signs it.',
    },
  },
});

/** What a login hands out, by every strategy that does. */
export function ticketSpans(strategies: readonly TicketStrategy[]): TracedCall[] {
  return strategies
    .filter(delivers)
    .map(({ name, delivery }) =>
      traced(delivery, 'deliver', (tracer, deliver, ...given) =>
        tracer.run(ticketSpanDescriptions['coatcheck.token.issue'], { 'coatcheck.strategy': name }, () =>
          deliver(...given),
        ),
      ),
    );
}
