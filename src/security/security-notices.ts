import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LetterValues, NoticeKind } from '../mail/letters/letter-values.js';
import { Notices } from '../mail/notices.js';
import { EmailChanges, type NoticeReader } from '../users/email-changes.js';

/** Tells users what happened to their account: at its address, and at each former one that can still take a change of address back. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly notices: Notices,
    private readonly emailChanges: EmailChanges,
  ) {}

  /** @param within the transaction of what it tells of */
  async send<K extends NoticeKind>(
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
}
