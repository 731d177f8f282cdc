import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { EmailChangeEntity } from './email-change.entity.js';

/** Purpose of the tokens that move a user to the address they were mailed to. */
export const EMAIL_CHANGE = 'email-change';
/** Purpose of the tokens that take a change of address back. */
export const EMAIL_CHANGE_UNDO = 'email-change-undo';

const DAY_SECONDS = 86_400;
const MOST_A_DAY = 5;
/** Changes that a former mailbox can stop or take back. */
const MOST_OPEN = 10;

interface Requested {
  readonly lately: number;
  readonly since: Date | null;
  readonly open: number;
  readonly until: Date | null;
}

/** A change of address that was made, and that its old mailbox can still take back. */
export type OpenWayBack = Readonly<
  Pick<EmailChangeEntity, 'id' | 'oldEmail' | 'newEmail' | 'requestedAt'> & { madeAt: Date }
>;

/** The recipient of a notice, as stored at the time. */
export interface NotificationReader {
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

  /** Records a requested change. In the transaction that has locked the user. */
  async request(
    { id: userId, email: oldEmail }: { readonly id: string; readonly email: string },
    newEmail: string,
    within: EntityManager,
    isByAdmin = false,
  ): Promise<EmailChangeEntity> {
    const facts = { userId, oldEmail, newEmail, isByAdmin };
    const change = { id: randomUUID(), ...facts, requestedAt: this.clock.now(), madeAt: null, isCounted: true };
    await within.insert(EmailChangeEntity, change);
    return change;
  }

  /**
   * Of many requests the owner's mailbox would not show the one that matters. In the transaction that has locked the user: of several
   * at once the others are counted.
   *
   * @throws AuthError `rate_limited`
   */
  async assertFew(userId: string, within: EntityManager): Promise<void> {
    const now = this.clock.now();
    const [{ lately, since, open, until }] = await within.query<[Requested]>(
      `SELECT count(*) FILTER (WHERE change.requested_at > $3)::int AS lately,
              min(change.requested_at) FILTER (WHERE change.requested_at > $3) AS since,
              count(*) FILTER (WHERE link.until IS NOT NULL)::int AS open, min(link.until) AS until
         FROM coatcheck.email_changes change CROSS JOIN LATERAL (
           SELECT max(expires_at) AS until FROM coatcheck.mailed_tokens
            WHERE user_id = $1 AND purpose = $2 AND origin_id = change.id AND consumed_at IS NULL AND expires_at > $4
              AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)) AS link
        WHERE change.user_id = $1 AND change.is_counted`,
      [userId, EMAIL_CHANGE_UNDO, this.clock.in(-DAY_SECONDS), now],
    );
    const secondsTo = (instant: Date, more = 0) =>
      Math.max(1, Math.ceil((instant.getTime() - now.getTime()) / 1000) + more);
    if (lately >= MOST_A_DAY) {
      const retryAfterSeconds = secondsTo(since!, DAY_SECONDS);
      throw new AuthError('rate_limited', { reason: 'email_changes_a_day', retryAfterSeconds });
    }
    if (open < MOST_OPEN) return;
    throw new AuthError('rate_limited', { reason: 'email_changes_open', retryAfterSeconds: secondsTo(until!) });
  }

  /**
   * Those requested so far count no longer: the owner who has taken the account back may name an address, however many a thief has named.
   * In the transaction that has locked the user.
   */
  async countAnew(userId: string, within: EntityManager): Promise<void> {
    await within.update(EmailChangeEntity, { userId, isCounted: true }, { isCounted: false });
  }

  /** Null when there is none of that id. In the transaction that has locked its user. */
  find(id: string, within: EntityManager): Promise<EmailChangeEntity | null> {
    return within.findOneBy(EmailChangeEntity, { id });
  }

  /** Records that the new mailbox has confirmed it. */
  async markMade(id: string, within: EntityManager): Promise<void> {
    await within.update(EmailChangeEntity, { id }, { madeAt: this.clock.now() });
  }

  /** Those made whose undo link is still good, the earliest made first. */
  openOf(userId: string, within?: EntityManager): Promise<OpenWayBack[]> {
    return (within ?? this.dataSource.manager).query(
      `SELECT change.id, change.old_email AS "oldEmail", change.new_email AS "newEmail",
              change.requested_at AS "requestedAt", change.made_at AS "madeAt"
         FROM coatcheck.email_changes change
        WHERE change.user_id = $1 AND change.made_at IS NOT NULL AND EXISTS (
          SELECT FROM coatcheck.mailed_tokens link
           WHERE link.user_id = $1 AND link.purpose = $2 AND link.origin_id = change.id
             AND link.consumed_at IS NULL AND link.expires_at > $3 AND link.epoch = (SELECT epoch FROM coatcheck.global_session_epoch))
        ORDER BY change.made_at, change.requested_at`,
      [userId, EMAIL_CHANGE_UNDO, this.clock.now()],
    );
  }

  /**
   * Whether the user came to their address by a change of their own whose way back has not expired. Also if something has ended the way
   * back since, e.g. an admin. In an account that an admin moved, what there is is its owner's.
   */
  async hasMovedLately({ id, email }: NotificationReader, within: EntityManager): Promise<boolean> {
    const [move]: { isByAdmin: boolean; isLate: boolean }[] = await within.query(
      `SELECT change.by_admin AS "isByAdmin", EXISTS (
                SELECT FROM coatcheck.mailed_tokens link
                 WHERE link.user_id = $1 AND link.purpose = $3 AND link.origin_id = change.id AND link.expires_at > $4) AS "isLate"
         FROM coatcheck.email_changes change
        WHERE change.user_id = $1 AND change.new_email = $2 AND change.made_at IS NOT NULL
        ORDER BY change.made_at DESC LIMIT 1`,
      [id, email, EMAIL_CHANGE_UNDO, this.clock.now()],
    );
    return move?.isLate === true && !move.isByAdmin;
  }

  /** Whether the user came to this address by a change, made by the user or an admin. In the transaction that has locked the user. */
  async hasMovedTo({ id, email }: NotificationReader, within: EntityManager): Promise<boolean> {
    return (
      email !== null &&
      (await within.existsBy(EmailChangeEntity, { userId: id, newEmail: email, madeAt: Not(IsNull()) }))
    );
  }

  /** The mailboxes that are told what happens to the account: its own, and those that can still take a change of it back. */
  async mailboxesOf({ id, email }: NotificationReader, within?: EntityManager): Promise<string[]> {
    if (email === null) return [];
    const open = await this.openOf(id, within);
    return [...new Set([email, ...open.map(({ oldEmail }) => oldEmail)])];
  }
}
