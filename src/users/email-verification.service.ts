import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import type { Mail } from '../mail/mailer.js';
import { PostOffice } from '../mail/post-office.js';
import { Revocations } from '../revocation/revocations.js';
import { type EmailVerified, EmailVerifiedHooks } from './email-verified.hooks.js';
import { type IssuedToken, MailedTokens } from './mailed-tokens.js';
import { type UserRecord, UserStore } from './user.store.js';
import { usersOptions } from './users-options.js';
import { VerificationMails } from './verification-mails.js';

const PURPOSE = 'email-verification';

/** Proves that a user reads the mailbox of the address. */
@Injectable()
export class EmailVerificationService {
  private readonly lifetimeSeconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly hooks: EmailVerifiedHooks,
    private readonly mails: VerificationMails,
    private readonly postOffice: PostOffice,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(usersOptions).emailVerificationSeconds;
  }

  /** A token for one mail. `originId`: it is another copy of that earlier one. */
  issue(user: Pick<UserRecord, 'id' | 'email'>, within?: EntityManager, originId?: string): Promise<IssuedToken> {
    return this.tokens.issue({ purpose: PURPOSE, user, lifetimeSeconds: this.lifetimeSeconds, originId }, within);
  }

  /** Sends the link. Returns at once. */
  send({ email }: Pick<UserRecord, 'email'>, { token }: IssuedToken): void {
    this.postOffice.post(this.mails.link(email, token));
  }

  /**
   * Verifies the address a token was mailed to. It works once in a user's life, and every other pending link dies with it.
   *
   * @throws AuthError `invalid_token`
   */
  async verify(token: string): Promise<void> {
    const event = await this.dataSource.transaction((manager) => this.verifyWithin(manager, token));
    await this.revocations.settle([{ subject: `user:${event.userId}`, kind: 'changed' }]);
    await this.hooks.runAfterwards(event);
    await this.audit.record({ type: 'users.email_verified', userId: event.userId });
  }

  /** Mails another link, should the address belong to somebody who needs one. Returns at once and tells nothing. */
  sendAgain(typedEmail: string): void {
    const email = canonicalEmail(typedEmail);
    if (email === null) return;
    // All of it after the reply: neither an answer nor its time may tell which addresses are known.
    this.postOffice.post(() => this.writeAgain(email));
  }

  private async verifyWithin(manager: EntityManager, token: string): Promise<EmailVerified> {
    const { originId, userId, email } = await this.tokens.consume(token, PURPOSE, manager);
    const user = await this.users.find(userId, manager);
    if (user?.email !== email) throw new AuthError('invalid_token', { reason: 'mailed_to_another_address' });
    // A second link must not install a second registration over the first one's password.
    if (user.emailVerifiedAt) throw new AuthError('invalid_token', { reason: 'already_verified' });
    await this.tokens.consumeAll(userId, PURPOSE, manager);
    await this.users.update(userId, { emailVerifiedAt: this.clock.now() }, manager);
    const event = { userId, tokenId: originId };
    await this.hooks.run(event, manager);
    return event;
  }

  private async writeAgain(email: string): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user || user.emailVerifiedAt) return null;
    const origins = await this.tokens.pendingOrigins(user.id, PURPOSE);
    // Which of several registrations is the mailbox owner's cannot be told, and a link would install its password.
    if (origins.length > 1) return this.mails.registerAgain(email);
    const { token } = await this.issue(user, undefined, origins[0]);
    return this.mails.link(email, token);
  }
}
