import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { Errand } from '../mail/errand.js';
import type { LetterValues, NoticeKind, NotMeNoticeKind, NotMeValues } from '../mail/letters/letter-values.js';
import { Letters } from '../mail/letters/letters.js';
import { MailLinks } from '../mail/mail-links.js';
import type { Mail } from '../mail/mailer.js';
import { Notices } from '../mail/notices.js';
import { PostOffice } from '../mail/post-office.js';
import { EmailChanges, type NoticeReader } from '../users/email-changes.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { securityOptions } from './security-options.js';

/** Purpose of the tokens by which who was told of a way in says that it was somebody else. */
export const NOT_ME = 'not-me';

interface NotMeErrand extends Errand {
  readonly notice: NotMeNoticeKind;
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
export class SecurityNotices {
  private readonly page: string;
  private readonly validSeconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly notices: Notices,
    private readonly emailChanges: EmailChanges,
    private readonly tokens: MailedTokens,
    private readonly letters: Letters,
    private readonly links: MailLinks,
    private readonly postOffice: PostOffice,
    options: Options,
  ) {
    const { notMeSeconds, notMeUrl } = options.of(securityOptions);
    this.page = notMeUrl || '/auth/security/not-me';
    this.validSeconds = notMeSeconds;
    postOffice.writes('not-me-notice', (errand: NotMeErrand) => this.write(errand));
  }

  /**
   * @param since when what it tells of came about, default: now. What the link says was not the user's is what came about then or later
   * @param within the transaction of what it tells of
   */
  async sendWayIn<K extends NotMeNoticeKind>(
    notice: K,
    user: NoticeReader,
    values: Omit<LetterValues[K], keyof NotMeValues>,
    { since, within = this.dataSource.manager }: { since?: Date | undefined; within?: EntityManager } = {},
  ): Promise<void> {
    for (const email of await this.emailChanges.mailboxesOf(user, within))
      await this.sendWayInTo(notice, { id: user.id, email }, values, { since, within });
  }

  /** The same to one mailbox alone; to none when the reader has none. */
  async sendWayInTo<K extends NotMeNoticeKind>(
    notice: K,
    { id: userId, email }: NoticeReader,
    values: Omit<LetterValues[K], keyof NotMeValues>,
    { since, within }: { since?: Date | undefined; within: EntityManager },
  ): Promise<void> {
    if (email === null) return;
    const order = { purpose: NOT_ME, user: { id: userId, email }, lifetimeSeconds: this.validSeconds };
    const tokenId = await this.tokens.reserve({ ...order, ...(since && { since }) }, within);
    await this.postOffice.post({ ...values, kind: 'not-me-notice', notice, userId, email, tokenId }, within);
  }

  /** @param within the transaction of what it tells of */
  async send<K extends Exclude<NoticeKind, NotMeNoticeKind>>(
    notice: K,
    user: NoticeReader,
    values: LetterValues[K],
    within?: EntityManager,
  ): Promise<void> {
    for (const email of await this.emailChanges.mailboxesOf(user, within))
      await this.sendTo(notice, { id: user.id, email }, values, within);
  }

  /** To one mailbox alone. */
  sendTo<K extends NoticeKind>(
    notice: K,
    mailbox: NoticeReader,
    values: LetterValues[K],
    within?: EntityManager,
  ): Promise<void> {
    return this.notices.send(notice, mailbox, values, within);
  }

  /** Sent whether or not its link is still good: that something happened stays true. */
  private async write({ kind: _, userId: __, notice, email, tokenId, ...values }: NotMeErrand): Promise<Mail> {
    const token = await this.tokens.reserved(tokenId, NOT_ME);
    const url = token === null ? null : this.links.to(this.page, token);
    return this.letters.write(notice, email, { ...values, url, token, validSeconds: this.validSeconds } as never);
  }
}
