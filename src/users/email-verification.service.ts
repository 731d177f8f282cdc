import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { Revocations } from '../revocation/revocations.js';
import { type EmailVerified, EmailVerifiedHooks } from './email-verified.hooks.js';
import { EMAIL_VERIFICATION, MailedTokens } from './mailed-tokens.js';
import { type UserRecord, UserStore } from './user.store.js';
import { VerificationLetters } from './verification-letters.js';

/** Proves that a user reads the mailbox of the address. */
@Injectable()
export class EmailVerificationService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly hooks: EmailVerifiedHooks,
    private readonly letters: VerificationLetters,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies the address a token was mailed to. It works once in a user's life, and every other pending link dies with it.
   *
   * @throws AuthError `invalid_token`
   */
  async verify(token: string): Promise<void> {
    const event = await this.dataSource.transaction((manager) => this.verifyWithin(manager, token));
    await this.revocations.settle([{ subject: `user:${event.userId}`, kind: 'changed' }]);
    await this.settleProof(event);
  }

  /**
   * Takes a reset link that was followed for the proof it is. Part of the reset's transaction, which has locked the user.
   *
   * @returns what {@link settleProof} wants after the commit; null when the address was verified before
   */
  async proveByReset(user: UserRecord, originId: string, manager: EntityManager): Promise<EmailVerified | null> {
    if (user.emailVerifiedAt) return null;
    return this.prove({ userId: user.id, originId, by: 'reset' }, manager);
  }

  /** After the commit of a proof, which has been made known to all nodes. */
  async settleProof(event: EmailVerified): Promise<void> {
    await this.hooks.runAfterwards(event);
  }

  /** Mails another link, should the address belong to somebody who needs one. Neither the answer nor its time tells. */
  async sendAgain(typedEmail: string): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.letters.sendAgain(email);
  }

  private async verifyWithin(manager: EntityManager, token: string): Promise<EmailVerified> {
    const { originId, userId, email } = await this.tokens.consume(token, EMAIL_VERIFICATION, manager);
    const user = await this.users.find(userId, manager);
    if (user?.email !== email) throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
    // A second link must not install a second registration over the first one's password.
    if (user.emailVerifiedAt) throw new AuthError('invalid_token', { reason: 'already_verified' });
    return this.prove({ userId, originId, by: 'verification' }, manager);
  }

  private async prove(event: EmailVerified, manager: EntityManager): Promise<EmailVerified> {
    await this.tokens.consumeAll(event.userId, EMAIL_VERIFICATION, manager);
    await this.users.update(event.userId, { emailVerifiedAt: this.clock.now() }, manager);
    await this.hooks.run(event, manager);
    await this.audit.record({ type: 'users.email_verified', userId: event.userId, by: event.by }, manager);
    return event;
  }
}
