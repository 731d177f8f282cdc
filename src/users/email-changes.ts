import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { EmailChangeEntity } from './email-change.entity.js';

/** Purpose of the tokens that move a user to the address they were mailed to. */
export const EMAIL_CHANGE = 'email-change';
/** Purpose of the tokens that take a change of address back. */
export const EMAIL_CHANGE_UNDO = 'email-change-undo';

/** A change of address that was made, and that its old mailbox can still take back. */
export type OpenWayBack = Readonly<
  Pick<EmailChangeEntity, 'id' | 'oldEmail' | 'newEmail' | 'requestedAt'> & { madeAt: Date }
>;

/** Whom a notice is for, as stored at the time. */
export interface NoticeReader {
  readonly id: string;
  readonly email: string | null;
}

/** The changes of address of each user, and which of them can still be taken back. */
@Injectable()
export class EmailChanges {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Notes a change that somebody has requested. In the transaction that has locked the user. */
  async request(
    { id: userId, email: oldEmail }: { readonly id: string; readonly email: string },
    newEmail: string,
    within: EntityManager,
  ): Promise<EmailChangeEntity> {
    const change = { id: randomUUID(), userId, oldEmail, newEmail, requestedAt: this.clock.now(), madeAt: null };
    await within.insert(EmailChangeEntity, change);
    return change;
  }

  /** Null when there is none of that id. In the transaction that has locked its user. */
  find(id: string, within: EntityManager): Promise<EmailChangeEntity | null> {
    return within.findOneBy(EmailChangeEntity, { id });
  }

  /** The new mailbox has confirmed it. */
  async markMade(id: string, within: EntityManager): Promise<void> {
    await within.update(EmailChangeEntity, { id }, { madeAt: this.clock.now() });
  }

  /** Those made whose undo link is still good, the earliest made first. */
  openOf(userId: string, within?: EntityManager): Promise<OpenWayBack[]> {
    return (within ?? this.dataSource.manager).query(
      `SELECT change.id, change.old_email AS "oldEmail", change.new_email AS "newEmail",
              change.requested_at AS "requestedAt", change.made_at AS "madeAt"
         FROM email_changes change
        WHERE change.user_id = $1 AND change.made_at IS NOT NULL AND EXISTS (
          SELECT FROM mailed_tokens link
           WHERE link.user_id = $1 AND link.purpose = $2 AND link.origin_id = change.id
             AND link.consumed_at IS NULL AND link.expires_at > $3 AND link.epoch = (SELECT epoch FROM session_epoch))
        ORDER BY change.made_at, change.requested_at`,
      [userId, EMAIL_CHANGE_UNDO, this.clock.now()],
    );
  }

  /** Whether the user came to this address by a change, made by whomever. In the transaction that has locked the user. */
  async hasMovedTo({ id, email }: NoticeReader, within: EntityManager): Promise<boolean> {
    return (
      email !== null &&
      (await within.existsBy(EmailChangeEntity, { userId: id, newEmail: email, madeAt: Not(IsNull()) }))
    );
  }

  /** The mailboxes that are told what happens to the account: its own, and those that can still take a change of it back. */
  async mailboxesOf({ id, email }: NoticeReader, within?: EntityManager): Promise<string[]> {
    if (email === null) return [];
    const open = await this.openOf(id, within);
    return [...new Set([email, ...open.map(({ oldEmail }) => oldEmail)])];
  }
}
