import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { isStandInAddress } from '../../kernel/stand-in-address.js';
import type { MailJob } from '../../mail/mail-job.js';
import { MailLinks } from '../../mail/mail-links.js';
import { MailQueue } from '../../mail/mail-queue.js';
import type { Mail } from '../../mail/mailer.js';
import { MailTemplates } from '../../mail/templates/mail-templates.js';
import { MailedTokens } from '../../users/mailed-tokens.js';
import { UserStore } from '../../users/user.store.js';
import { passwordOptions } from './password-options.js';

/** Purpose of the tokens that set a password. */
export const PASSWORD_RESET = 'password-reset';

/** As long as the ways back it follows: there is no other way to another such link. */
const TAKEN_BACK_SECONDS = 7 * 86_400;

interface TakenBackJob extends MailJob {
  readonly userId: string;
  /** Where it goes, and where the account has been; its address is another now. */
  readonly mailbox: string;
  /** Of the token in its link. */
  readonly tokenId: string;
}

interface ResetJob extends MailJob {
  /** Canonical, whether or not a user has it. */
  readonly email: string;
}

/**
 * Writes the mails that reset a password, when their turn comes: only then the address is looked up and a token made. Not where the
 * address says nothing of whose the account is: such a link is made with what it follows.
 */
@Injectable()
export class PasswordResetMails {
  private readonly page: string;
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly mailQueue: MailQueue,
    private readonly audit: AuditSink,
    private readonly prescribed: PrescribedLogins,
    options: Options,
  ) {
    const { passwordResetUrl, passwordResetSeconds } = options.of(passwordOptions);
    this.page = passwordResetUrl || '/auth/password/reset';
    this.lifetimeSeconds = passwordResetSeconds;
    mailQueue.registerHandler(PASSWORD_RESET, (job: ResetJob, { language }) => this.write(job, language));
    mailQueue.registerHandler('account-taken-back', (job: TakenBackJob, { language }) =>
      this.writeTakenBack(job, language),
    );
  }

  /** Asks for a link, should a user have the canonical address. The same work in every case. */
  async enqueue(email: string, within?: EntityManager, languages?: string): Promise<void> {
    await this.mailQueue.enqueue({ kind: PASSWORD_RESET, email, ...(languages && { languages }) }, within);
  }

  /**
   * Mails a link to a mailbox that has taken an account back whose address is a stand-in ever since. Part of the transaction that has
   * locked the user and ended the links from before: what ends links later ends this one too, however late it is mailed.
   */
  async enqueueTakenBack(userId: string, mailbox: string, within: EntityManager): Promise<void> {
    const order = {
      purpose: PASSWORD_RESET,
      user: { id: userId, email: mailbox },
      lifetimeSeconds: TAKEN_BACK_SECONDS,
    };
    const tokenId = await this.tokens.reserve(order, within);
    await this.audit.record({ type: 'password.reset_mailed', userId }, within);
    await this.mailQueue.enqueue({ kind: 'account-taken-back', userId, mailbox, tokenId }, within);
  }

  private async write({ email }: ResetJob, language: string): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user) return null;
    const prescribed = await this.prescribed.loginFor(email, user);
    if (prescribed) return this.templates.write('sign-in-elsewhere', email, { provider: prescribed.name }, language);
    const order = { purpose: PASSWORD_RESET, user: { id: user.id, email }, lifetimeSeconds: this.lifetimeSeconds };
    const event = { type: 'password.reset_mailed' as const, userId: user.id };
    const issued = await this.tokens.issueOnly(order, (within) => this.audit.record(event, within));
    if (!issued) return null;
    const link = this.linkOf(issued.token, this.lifetimeSeconds);
    return this.templates.write('password-reset', email, link, language);
  }

  private async writeTakenBack({ userId, mailbox, tokenId }: TakenBackJob, language: string): Promise<Mail | null> {
    const token = await this.tokens.reserved(tokenId, PASSWORD_RESET);
    const loginEmail = (await this.users.find(userId))?.email;
    if (token === null || !loginEmail || !isStandInAddress(loginEmail)) return null;
    const values = { ...this.linkOf(token, TAKEN_BACK_SECONDS), loginEmail };
    return this.templates.write('account-taken-back', mailbox, values, language);
  }

  private linkOf(token: string, validSeconds: number) {
    return { url: this.links.to(this.page, token), token, validSeconds };
  }
}
