import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import type { Ticket } from '../../access/ticket-strategy.js';
import { AuthError } from '../../kernel/auth-error.js';
import { DpopProofs } from './dpop-proofs.js';
import type { OAuthToken } from './oauth-token.js';

/** Whether who sends a token is who it was issued to, where it says so (`cnf`). */
@Injectable()
export class TokenHolders {
  constructor(private readonly proofs: DpopProofs) {}

  /**
   * Null when nothing has to be waited for; proofs are verified off this thread.
   *
   * @throws AuthError `unauthenticated` for a token of another connection's certificate, for one that is bound to a key and comes without its
   *   proof, and for a proof with a token that is not bound to its key
   */
  assertHolder({ confirmation }: OAuthToken, ticket: Ticket, caller: Caller): Promise<void> | null {
    const jkt = confirmation?.jkt;
    // A proof for a token that needs none proves nothing of it (RFC 9449 §7.1), and a stolen one would pass for bound.
    if (ticket.isDpop && jkt === undefined) throw refusal('token_is_not_bound_to_a_key');
    if (!ticket.isDpop && jkt !== undefined) throw refusal('bound_token_as_bearer');
    const thumbprint = confirmation?.['x5t#S256'];
    if (thumbprint !== undefined && !isEqual(caller.certificate?.thumbprint ?? '', thumbprint))
      throw refusal('token_of_another_certificate');
    return jkt === undefined ? null : this.proofs.assertProven(caller, ticket.value, jkt);
  }
}

function isEqual(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function refusal(reason: string): AuthError {
  return new AuthError('unauthenticated', { reason, challenge: { error: 'invalid_token' } });
}
