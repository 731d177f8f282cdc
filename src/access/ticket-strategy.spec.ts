import passport from 'passport';
import { AuthError } from '../kernel/auth-error.js';
import type { Caller } from './caller.js';
import { adapted, type VerifyTicket } from './passport-framework.js';
import { type Ticket, TicketStrategy, type Verdict } from './ticket-strategy.js';

/** Tickets that are good once, in the order of their numbers. */
class NumberedStrategy extends TicketStrategy {
  override readonly name = 'numbered';
  override readonly challenge = null;
  readonly #owner = 'ada';
  private last = 0;

  override verify({ value }: Ticket): Verdict {
    if (Number(value) <= this.last) throw new AuthError('unauthenticated', { reason: 'ticket_used_before' });
    this.last = Number(value);
    return { auth: { user: { id: this.#owner } } } as unknown as Verdict;
  }
}

it('a strategy remembers from one ticket to the next, whatever object Passport makes of each attempt', () => {
  const authenticator = adapted(new passport.Authenticator()).use(new NumberedStrategy());
  const verify = authenticator.authenticate('numbered') as VerifyTicket;
  const give = (value: string) => verify({} as Caller, { value, carrier: 'header' });
  expect([give('1'), give('2')]).toEqual(Array(2).fill({ auth: { user: { id: 'ada' } } }));
  expect(() => give('2')).toThrow(expect.objectContaining({ reason: 'ticket_used_before' }));
});
