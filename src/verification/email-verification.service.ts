import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { AccountSecurity } from '../security/account-security.js';
import type { SecurityEventName } from '../security/security-events.js';
import { EMAIL_VERIFICATION, MailedTokens } from '../users/mailed-tokens.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { type MailboxProof, PendingRegistrations } from './pending-registrations.js';
import { VerificationLetters } from './verification-letters.js';

/** Proves that a user reads the mailbox of the address. */
@Injectable()
export class EmailVerificationService {
  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly security: AccountSecurity,
    private readonly registrations: PendingRegistrations,
    private readonly letters: VerificationLetters,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies the address a token was mailed to. It works once in a user's life, and every other pending link dies with it.
   *
   * @throws AuthError `invalid_token`
   */
  async verify(token: string): Promise<void> {
    const { userId } = await this.tokens.peek(token, EMAIL_VERIFICATION);
    const ifGone = new AuthError('invalid_token', { reason: 'user_deleted' });
    const params = { userId, origin: null, ifGone, details: { by: 'verification' }, replaces: ['password'] as const };
    await this.security.apply(eventOf, params, (user, tx) => this.verifyWithin(token, user, tx));
  }

  /**
   * Takes a reset link that was followed for the proof it is. Part of the reset's transaction, which has locked the user; its event is
   * `mailbox_proven` if no address of the user was ever proven.
   */
  async proveByReset(user: UserRecord, originId: string, within: EntityManager): Promise<void> {
    if (!user.emailVerifiedAt) await this.prove(user, { userId: user.id, originId, by: 'reset' }, within);
  }

  /** Mails another link, should the address belong to somebody who needs one. Neither the answer nor its time tells. */
  async sendAgain(typedEmail: string): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.letters.sendAgain(email);
  }

  private async verifyWithin(token: string, user: UserRecord, within: EntityManager): Promise<void> {
    const { originId, userId, email } = await this.tokens.consume(token, EMAIL_VERIFICATION, within);
    if (user.email !== email) throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
    // A second link must not install a second registration over the first one's password.
    if (user.emailVerifiedAt) throw new AuthError('invalid_token', { reason: 'already_verified' });
    await this.prove(user, { userId, originId, by: 'verification' }, within);
  }

  private async prove(user: UserRecord, proof: MailboxProof, within: EntityManager): Promise<void> {
    await this.users.update(user.id, { emailVerifiedAt: this.clock.now() }, within);
    await this.registrations.settle(proof, within);
  }
}

/** Which event the proof of the user's mailbox is: the first one clears what anybody may have set up before. */
function eventOf({ firstVerifiedAt }: UserRecord): SecurityEventName {
  return firstVerifiedAt === null ? 'mailbox_proven' : 'mailbox_proven_again';
}
