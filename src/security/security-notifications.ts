import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import type { MailJob } from '../mail/mail-job.js';
import { MailLinks } from '../mail/mail-links.js';
import { MailQueue } from '../mail/mail-queue.js';
import type { Mail } from '../mail/mailer.js';
import { Notifications } from '../mail/notifications.js';
import { MailTemplates } from '../mail/templates/mail-templates.js';
import type {
  NotificationKind,
  NotMeNotificationKind,
  NotMeValues,
  TemplateValues,
} from '../mail/templates/template-values.js';
import { EmailChanges, type NotificationReader } from '../users/email-changes.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { securityOptions } from './security-options.js';

/** Purpose of the tokens by which a user who was told of a way in says "this was not me". */
export const NOT_ME = 'not-me';

interface NotMeJob extends MailJob {
  readonly notification: NotMeNotificationKind;
  readonly userId: string;
  readonly email: string;
  /** Of the token in its link. */
  readonly tokenId: string;
}

/**
 * Tells users what happened to their account: at its address, and at each former one that can still take a change of address back. What
 * tells of a way in carries a link that says "this was not me", made in the transaction of what it tells of.
 */
@Injectable()
export class SecurityNotifications {
  private readonly page: string;
  private readonly validSeconds: number;

  constructor(
    private readonly notifications: Notifications,
    private readonly emailChanges: EmailChanges,
    private readonly tokens: MailedTokens,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly mailQueue: MailQueue,
    options: Options,
  ) {
    const { notMeSeconds, notMeUrl } = options.of(securityOptions);
    this.page = notMeUrl || '/auth/security/not-me';
    this.validSeconds = notMeSeconds;
    mailQueue.registerHandler('not-me-notice', (job: NotMeJob, { language }) => this.write(job, language));
  }

  /**
   * @param since when what it tells of came about, default: now. What the link says was not the user's is what came about then or later
   * @param within the transaction of what it tells of: its link is made with that, or not at all
   */
  async sendWayIn<K extends NotMeNotificationKind>(
    notification: K,
    user: NotificationReader,
    values: Omit<TemplateValues[K], keyof NotMeValues>,
    { since, within }: { since?: Date | undefined; within: EntityManager },
  ): Promise<void> {
    for (const email of await this.emailChanges.mailboxesOf(user, within))
      await this.sendWayInTo(notification, { id: user.id, email }, values, { since, within });
  }

  /** The same to one mailbox alone; to none when the reader has none. */
  async sendWayInTo<K extends NotMeNotificationKind>(
    notification: K,
    { id: userId, email }: NotificationReader,
    values: Omit<TemplateValues[K], keyof NotMeValues>,
    { since, within }: { since?: Date | undefined; within: EntityManager },
  ): Promise<void> {
    if (email === null) return;
    const order = { purpose: NOT_ME, user: { id: userId, email }, lifetimeSeconds: this.validSeconds };
    const tokenId = await this.tokens.reserve({ ...order, ...(since && { since }) }, within);
    await this.mailQueue.enqueue({ ...values, kind: 'not-me-notice', notification, userId, email, tokenId }, within);
  }

  /** @param within the transaction of what it tells of */
  async send<K extends Exclude<NotificationKind, NotMeNotificationKind>>(
    notification: K,
    user: NotificationReader,
    values: TemplateValues[K],
    within?: EntityManager,
  ): Promise<void> {
    for (const email of await this.emailChanges.mailboxesOf(user, within))
      await this.sendTo(notification, { id: user.id, email }, values, within);
  }

  /** To one mailbox alone. */
  sendTo<K extends NotificationKind>(
    notification: K,
    mailbox: NotificationReader,
    values: TemplateValues[K],
    within?: EntityManager,
  ): Promise<void> {
    return this.notifications.send(notification, mailbox, values, within);
  }

  /** Sent whether or not its link is still good: that something happened stays true. */
  private async write(
    { kind: _, userId: __, notification, email, tokenId, ...values }: NotMeJob,
    language: string,
  ): Promise<Mail> {
    const token = await this.tokens.reserved(tokenId, NOT_ME);
    const url = token === null ? null : this.links.to(this.page, token);
    const shown = { ...values, url, token, validSeconds: this.validSeconds };
    return this.templates.write(notification, email, shown as never, language);
  }
}
