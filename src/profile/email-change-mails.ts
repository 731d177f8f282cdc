import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import type { MailJob } from '../mail/mail-job.js';
import { MailLinks } from '../mail/mail-links.js';
import { MailQueue } from '../mail/mail-queue.js';
import type { Mail } from '../mail/mailer.js';
import { MailTemplates } from '../mail/templates/mail-templates.js';
import { UnprovenAddresses } from '../security/unproven-addresses.js';
import type { EmailChangeEntity } from '../users/email-change.entity.js';
import { EMAIL_CHANGE, EMAIL_CHANGE_UNDO } from '../users/email-changes.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { profileOptions } from './profile-options.js';

interface ConfirmationJob extends MailJob {
  readonly userId: string;
  readonly newEmail: string;
  /** Of the token in its link. */
  readonly tokenId: string;
}

interface NotificationJob extends MailJob {
  readonly userId: string;
  readonly oldEmail: string;
  readonly newEmail: string;
  readonly isMade: boolean;
  /** Of the token in its link. */
  readonly tokenId: string;
}

/**
 * The mails of a change of address: to the new mailbox, whether or not it exists, and to the old one. Their links are made with the
 * change, in its transaction: what ends links ends them, and a mail that is tried again later carries the same link, or is not written.
 */
@Injectable()
export class EmailChangeMails {
  private readonly confirmation: { page: string; validSeconds: number };
  private readonly undo: { page: string; validSeconds: number };

  constructor(
    private readonly users: UserStore,
    private readonly addresses: UnprovenAddresses,
    private readonly tokens: MailedTokens,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly mailQueue: MailQueue,
    options: Options,
  ) {
    const given = options.of(profileOptions);
    const { emailChangeSeconds, emailChangeUndoSeconds } = given;
    const page = given.emailChangeUrl || '/auth/email/change/confirm';
    const undoPage = given.emailChangeUndoUrl || '/auth/email/change/undo';
    this.confirmation = { page, validSeconds: emailChangeSeconds };
    this.undo = { page: undoPage, validSeconds: emailChangeUndoSeconds };
    mailQueue.registerHandler(EMAIL_CHANGE, (job: ConfirmationJob, { language }) =>
      this.writeConfirmation(job, language),
    );
    mailQueue.registerHandler('email-change-notice', (job: NotificationJob, { language }) =>
      this.writeNotification(job, language),
    );
  }

  /**
   * Both mails of a change that was requested, in its transaction, which has locked the user. The same work whether or not the new
   * address is taken. An older request dies by it; its way back does not.
   */
  async enqueueRequested(change: EmailChangeEntity, within: EntityManager): Promise<void> {
    const { id: originId, userId, newEmail } = change;
    await this.tokens.consumeAll(userId, EMAIL_CHANGE, within);
    const { validSeconds: lifetimeSeconds } = this.confirmation;
    const order = { purpose: EMAIL_CHANGE, user: { id: userId, email: newEmail }, lifetimeSeconds, originId };
    const tokenId = await this.tokens.reserve(order, within);
    await this.mailQueue.enqueue({ kind: EMAIL_CHANGE, userId, newEmail, tokenId }, within);
    await this.postNotification(change, false, within);
  }

  /** Tells the old mailbox that the change was made. */
  enqueueMade(change: EmailChangeEntity, within: EntityManager): Promise<void> {
    return this.postNotification(change, true, within);
  }

  /** Ends no older link: a thief who moves a user twice would otherwise get rid of the first mailbox. */
  private async postNotification(change: EmailChangeEntity, isMade: boolean, within: EntityManager): Promise<void> {
    const { id: originId, userId, oldEmail, newEmail } = change;
    const { validSeconds: lifetimeSeconds } = this.undo;
    const order = { purpose: EMAIL_CHANGE_UNDO, user: { id: userId, email: oldEmail }, lifetimeSeconds, originId };
    const tokenId = await this.tokens.reserve(order, within);
    await this.mailQueue.enqueue({ kind: 'email-change-notice', userId, oldEmail, newEmail, isMade, tokenId }, within);
  }

  private async writeConfirmation(
    { userId, newEmail, tokenId }: ConfirmationJob,
    language: string,
  ): Promise<Mail | null> {
    const token = await this.tokens.reserved(tokenId, EMAIL_CHANGE);
    const owner = await this.users.findByEmail(newEmail);
    if (owner?.id === userId) return null;
    // Who never proved to read this mailbox gives way to who does.
    if (owner && !(await this.addresses.givesWay(owner)))
      return this.templates.write('address-taken', newEmail, {}, language);
    if (token === null) return null;
    const { page, validSeconds } = this.confirmation;
    const url = this.links.to(page, token);
    return this.templates.write('email-change-confirmation', newEmail, { url, token, validSeconds }, language);
  }

  private async writeNotification(
    { oldEmail, newEmail, isMade, tokenId }: NotificationJob,
    language: string,
  ): Promise<Mail | null> {
    const token = await this.tokens.reserved(tokenId, EMAIL_CHANGE_UNDO);
    if (token === null) return null;
    const { page, validSeconds } = this.undo;
    const values = { url: this.links.to(page, token), token, validSeconds, newEmail };
    return this.templates.write(isMade ? 'email-changed' : 'email-change-notice', oldEmail, values, language);
  }
}
