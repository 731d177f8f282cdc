import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import type { MailJob, MailJobState } from '../../mail/mail-job.js';
import { MailLinks } from '../../mail/mail-links.js';
import { MailQueue } from '../../mail/mail-queue.js';
import type { Mail } from '../../mail/mailer.js';
import { MailTemplates } from '../../mail/templates/mail-templates.js';
import { isBanned, UserStore } from '../../users/user.store.js';
import { LoginMailCounts } from './login-mail-counts.js';
import { LoginMails } from './login-mails.js';
import { MailboxNewcomers } from './mailbox-newcomers.js';
import { isMailCodeOn, isMailLinkOn, mailboxOptions } from './mailbox-options.js';
import { MailedSecrets } from './mailed-secrets.js';

const KIND = 'login-mail';

interface LoginMailJob extends MailJob {
  /** Of the request. */
  readonly id: string;
  /** Canonical, whether or not a user has it. */
  readonly email: string;
  /** As `deviceName` gave it. */
  readonly device: string | null;
}

/** Writes the mails that sign users in, when their turn comes: only then the address is looked up. */
@Injectable()
export class LoginMailWriter {
  private readonly page: string;
  private readonly has: { readonly link: boolean; readonly code: boolean };

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly mails: LoginMails,
    private readonly secrets: MailedSecrets,
    private readonly newcomers: MailboxNewcomers,
    private readonly prescribed: PrescribedLogins,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly mailQueue: MailQueue,
    private readonly counts: LoginMailCounts,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.page = options.of(mailboxOptions).mailLoginUrl || '/auth/login/mailbox';
    this.has = { link: isMailLinkOn(options), code: isMailCodeOn(options) };
    mailQueue.registerHandler(KIND, (job: LoginMailJob, state) => this.counted(job, state));
  }

  /** Asks for the mail of a request. The same work whether or not the address has a user. */
  async enqueue(job: Pick<LoginMailJob, 'id' | 'email' | 'device'>, within: EntityManager): Promise<void> {
    await this.mailQueue.enqueue({ kind: KIND, ...job }, within);
  }

  private async counted(job: LoginMailJob, state: MailJobState): Promise<Mail | null> {
    const mail = await this.write(job, state);
    this.counts.count(mail === null ? 'withheld' : 'sent');
    return mail;
  }

  private async write(job: LoginMailJob, { createdAt, language }: MailJobState): Promise<Mail | null> {
    const { email, device } = job;
    const user = await this.users.findByEmail(email);
    if (user && (user.kind !== 'person' || isBanned(user, this.clock.now()))) return null;
    const prescribed = await this.prescribed.loginFor(email, user);
    if (prescribed) {
      const isKnown = user !== null || (await this.newcomers.areWelcome(email, null));
      return isKnown
        ? this.templates.write('login-mail-elsewhere', email, { provider: prescribed.name }, language)
        : null;
    }
    if (!user && !(await this.newcomers.areWelcome(email, null))) return null;
    const validSeconds = await this.markMailed(job, user?.id ?? null);
    if (validSeconds === null) return null;
    const values = { ...this.secretsOf(job.id), validSeconds, at: createdAt.toISOString(), device };
    return this.templates.write(user ? 'login-mail' : 'login-mail-new', email, values, language);
  }

  /** The user is locked first: what ends such mails finds this one, or comes before it and leaves another address. */
  private markMailed({ id, email }: LoginMailJob, userId: string | null): Promise<number | null> {
    return this.dataSource.transaction(async (tx) => {
      const user = userId === null ? null : await this.users.find(userId, tx);
      if (userId !== null && user?.email !== email) return null;
      const marked = await this.mails.markMailed(id, userId, tx);
      if (marked?.isFirst && userId !== null) await this.audit.record({ type: 'login.mail_sent', userId }, tx);
      return marked?.validSeconds ?? null;
    });
  }

  private secretsOf(id: string) {
    const token = this.has.link ? this.secrets.tokenOf(id) : null;
    const code = this.has.code ? this.secrets.codeOf(id) : null;
    return {
      token,
      url: token && this.links.to(this.page, token),
      code: code && `${code.slice(0, 4)} ${code.slice(4)}`,
    };
  }
}
