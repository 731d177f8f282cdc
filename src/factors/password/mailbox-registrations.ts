import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type AuditOrigin, AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { parseSecretToken } from '../../kernel/secret-token.js';
import type { Mail } from '../../mail/mailer.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { PendingRegistrations, type ProvenMailbox } from '../../verification/pending-registrations.js';
import { VerificationMail } from '../../verification/verification-mail.js';
import { PasswordStore } from './password.store.js';
import { PasswordChoice } from './password-choice.js';
import { PasswordSetter } from './password-setter.js';
import { type FollowedRegistration, Registrations } from './registrations.js';

/** Makes users of those whose registration is followed by the proof that they read the mailbox. */
@Injectable()
export class MailboxRegistrations extends PendingRegistrations {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly registrations: Registrations,
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly passwordSetter: PasswordSetter,
    private readonly choice: PasswordChoice,
    private readonly mail: VerificationMail,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {
    super();
  }

  async follow(token: string, origin: AuditOrigin): Promise<ProvenMailbox | null> {
    const parsed = parseSecretToken(token);
    const email = parsed && (await this.registrations.addressOf(parsed));
    if (!parsed || email === null) return null;
    const resetToken = await this.dataSource.transaction(async (tx) => {
      const followed = await this.registrations.consume(parsed, email, tx);
      return followed && this.makeUser(email, followed, origin, tx);
    });
    return { resetToken };
  }

  async writeLink(email: string, language: string): Promise<Mail | null> {
    const id = await this.registrations.latestOf(email);
    return id === null ? null : this.write(id, true, language);
  }

  /** The first link of one registration. */
  writeLinkOf(id: string, language: string): Promise<Mail | null> {
    return this.write(id, false, language);
  }

  private async write(id: string, isAgain: boolean, language: string): Promise<Mail | null> {
    const link = await this.registrations.renewLink(id, isAgain);
    if (!link) return null;
    const { email, token, createdAt: at, expiresAt } = link;
    const validSeconds = Math.floor((expiresAt.getTime() - this.clock.now().getTime()) / 1000);
    return this.mail.write({ email, token, validSeconds, at, isOfRegistration: true }, language);
  }

  async settlePassword(
    user: UserRecord & { readonly email: string },
    isTrusted: boolean,
    within: EntityManager,
  ): Promise<string | null> {
    await this.choice.endLinks(user.id, within);
    if (isTrusted && (await this.passwordSetter.hasOne(user.id, within))) return null;
    if (!isTrusted) await this.passwordSetter.invalidate(user.id, within);
    return this.choice.tokenFor(user, within);
  }

  private async makeUser(
    email: string,
    { name, fields, passwordHash, isContested }: FollowedRegistration,
    origin: AuditOrigin,
    tx: EntityManager,
  ): Promise<string | null> {
    const now = this.clock.now();
    // Who wrote them is as unknown as who chose the password.
    const described = isContested ? { name: null } : { name, fields };
    const user = await this.users.insert({ email, ...described, emailVerifiedAt: now }, tx);
    if (!user) throw new AuthError('invalid_token', { reason: 'address_taken_meanwhile' });
    await this.audit.record({ type: 'email.verified', userId: user.id, by: 'registration', origin }, tx);
    if (isContested || passwordHash === null) return this.choice.tokenFor({ id: user.id, email }, tx);
    await this.passwords.set({ userId: user.id, passwordHash, changedAt: now }, tx);
    return null;
  }
}
