import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../access/request-origin.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { AccountSecurity } from '../../security/account-security.js';
import type { SecurityEventName } from '../../security/security-table.js';
import { EmailChanges } from '../../users/email-changes.js';
import { isBanned, type UserRecord, UserStore } from '../../users/user.store.js';
import { EmailVerificationService } from '../../verification/email-verification.service.js';
import { type GoodLoginMail, LoginMails } from './login-mails.js';
import { MailboxNewcomers } from './mailbox-newcomers.js';
import { MailboxOwner, MailboxOwners } from './mailbox-owners.js';

/** The account would have to change under each login by mail so many times in a row. */
const TRIES = 5;

/**
 * Whose mailbox a mail was read in. The first time that a mail to an account's address is read, the mailbox is proven: whatever was set up
 * before, by its owner or not, ends as it does when a link resets the password. The password too, of an imported user as well: who chose it in the
 * other system is not known, and the mail warns of none, as the one that verifies an address does.
 */
@Injectable()
export class MailboxUsers extends MailboxOwner {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly mails: LoginMails,
    private readonly newcomers: MailboxNewcomers,
    private readonly prescribed: PrescribedLogins,
    private readonly emailChanges: EmailChanges,
    private readonly verifications: EmailVerificationService,
    private readonly security: AccountSecurity,
    private readonly clock: Clock,
    owners: MailboxOwners,
  ) {
    super();
    owners.are(this);
  }

  async find(mail: GoodLoginMail, origin: RequestOrigin): Promise<UserRecord> {
    for (let tries = 0; tries < TRIES; tries++) {
      const found = await this.tryToFind(mail, origin).catch((error) => {
        if (error instanceof Outrun) return null;
        throw error;
      });
      if (found) return found;
    }
    throw refused('outrun_again_and_again', mail);
  }

  private async tryToFind(mail: GoodLoginMail, origin: RequestOrigin): Promise<UserRecord> {
    const user = mail.userId === null ? null : await this.users.find(mail.userId);
    // A connection that has become enforced since the mail was sent.
    if (await this.prescribed.loginFor(mail.email, user)) throw refused('login_prescribed', mail);
    if (mail.userId === null) return this.register(mail, origin);
    if (!isOf(user, mail)) throw refused('mailed_to_another_address', mail);
    if (isBanned(user, this.clock.now()))
      throw new AuthError('user_banned', { reason: 'user_banned', userId: user.id });
    const event = await this.proofBy(user, this.dataSource.manager);
    return event === null ? this.use(user, mail) : this.prove(user, mail, event, origin);
  }

  /** In one transaction, so that whatever ends such mails comes before this or finds its session. */
  private use({ id }: UserRecord, mail: GoodLoginMail): Promise<UserRecord> {
    return this.dataSource.transaction(async (tx) => {
      const user = await this.users.find(id, tx);
      if (!isOf(user, mail) || (await this.proofBy(user, tx)) !== null) throw new Outrun();
      await this.consume(mail, user, tx);
      return user;
    });
  }

  private async prove(
    { id: userId }: UserRecord,
    mail: GoodLoginMail,
    event: SecurityEventName,
    origin: RequestOrigin,
  ): Promise<UserRecord> {
    const params = { userId, origin, details: { by: 'mailbox' }, ifGone: new Outrun() };
    const { sessionEpoch } = await this.security.apply(event, params, async (user, tx) => {
      if (!isOf(user, mail) || (await this.proofBy(user, tx)) !== event) throw new Outrun();
      await this.consume(mail, user, tx, event === 'mailbox_proven_elsewhere');
      await this.verifications.proveByReset(user, tx);
    });
    const user = await this.users.find(userId);
    if (!isOf(user, mail)) throw refused('changed_meanwhile', mail);
    // Of the event's epoch: an event that has ended all sessions since then ends this login too.
    return { ...user, sessionEpoch: sessionEpoch ?? user.sessionEpoch };
  }

  private register(mail: GoodLoginMail, origin: RequestOrigin): Promise<UserRecord> {
    return this.dataSource.transaction(async (tx) => {
      if (!(await this.newcomers.areWelcome(mail.email, origin))) throw refused('registration_closed', mail);
      if (!(await this.mails.consume(mail.id, tx))) throw refused('login_mail_unknown_or_spent', mail);
      return this.newcomers.create(mail.email, origin, tx);
    });
  }

  private async consume(mail: GoodLoginMail, user: UserRecord, tx: EntityManager, isProof = false): Promise<void> {
    if (!(await this.mails.consume(mail.id, tx, isProof))) throw refused('login_mail_unknown_or_spent', mail);
    await this.mails.endAllOf(user.id, tx);
  }

  /**
   * What the login proves beside whose it is; null: nothing that was not proven before. The person who moved an account to an address may not be
   * its owner, who would then share the account with them; a login since then has settled it.
   */
  private async proofBy(
    user: UserRecord & { email: string },
    within: EntityManager,
  ): Promise<SecurityEventName | null> {
    if (user.firstVerifiedAt === null) return 'mailbox_proven';
    if (await this.emailChanges.hasMovedLately(user, within))
      return (await this.mails.haveProvenSinceMove(user.id, user.email, within)) ? null : 'mailbox_proven_elsewhere';
    return user.emailVerifiedAt === null ? 'mailbox_proven_again' : null;
  }
}

/** Another request was a moment faster. */
class Outrun extends AuthError {
  constructor() {
    super('invalid_credentials', { reason: 'changed_meanwhile' });
  }
}

function isOf(user: UserRecord | null, { email }: GoodLoginMail): user is UserRecord & { email: string } {
  return user !== null && user.email === email;
}

function refused(reason: string, { userId }: GoodLoginMail): AuthError {
  return new AuthError('invalid_credentials', { reason, userId: userId ?? undefined });
}
