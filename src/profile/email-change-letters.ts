import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import type { Errand } from '../mail/errand.js';
import { Letters } from '../mail/letters/letters.js';
import { MailLinks } from '../mail/mail-links.js';
import type { Mail } from '../mail/mailer.js';
import { PostOffice } from '../mail/post-office.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { profileOptions } from './profile-options.js';

/** Purpose of the tokens that move a user to the address they were mailed to. */
export const EMAIL_CHANGE = 'email-change';
/** Purpose of the tokens that move a user back to the address they were mailed to. */
export const EMAIL_CHANGE_UNDO = 'email-change-undo';

interface ConfirmationErrand extends Errand {
  readonly userId: string;
  readonly newEmail: string;
  /** When it was asked for: what has ended the sessions since has ended the wish. */
  readonly sessionEpoch: number;
}

interface NoticeErrand extends Errand {
  readonly userId: string;
  readonly oldEmail: string;
  readonly newEmail: string;
  readonly isMade: boolean;
}

/** Writes the mails of a change of address: to the new mailbox, whether anybody has it or not, and to the old one. */
@Injectable()
export class EmailChangeLetters {
  private readonly confirmation: { page: string; validSeconds: number };
  private readonly undo: { page: string; validSeconds: number };

  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly letters: Letters,
    private readonly links: MailLinks,
    private readonly postOffice: PostOffice,
    options: Options,
  ) {
    const given = options.of(profileOptions);
    const { emailChangeSeconds, emailChangeUndoSeconds } = given;
    const page = given.emailChangeUrl || '/auth/email/change/confirm';
    const undoPage = given.emailChangeUndoUrl || '/auth/email/change/undo';
    this.confirmation = { page, validSeconds: emailChangeSeconds };
    this.undo = { page: undoPage, validSeconds: emailChangeUndoSeconds };
    postOffice.writes(EMAIL_CHANGE, (errand: ConfirmationErrand) => this.writeConfirmation(errand));
    postOffice.writes('email-change-notice', (errand: NoticeErrand) => this.writeNotice(errand));
  }

  /** Both mails of a wish. The same work whether or not the new address is taken. */
  async postWish(user: UserRecord, newEmail: string, within: EntityManager): Promise<void> {
    const { id: userId, sessionEpoch } = user;
    await this.postOffice.post({ kind: EMAIL_CHANGE, userId, newEmail, sessionEpoch }, within);
    await this.postNotice(user, newEmail, false, within);
  }

  /** Tells the old mailbox that the change was made. */
  async postMade(before: UserRecord, newEmail: string, within: EntityManager): Promise<void> {
    await this.postNotice(before, newEmail, true, within);
  }

  private postNotice(
    { id: userId, email: oldEmail }: UserRecord,
    newEmail: string,
    isMade: boolean,
    within: EntityManager,
  ): Promise<void> {
    return this.postOffice.post({ kind: 'email-change-notice', userId, oldEmail, newEmail, isMade }, within);
  }

  private async writeConfirmation({ userId, newEmail, sessionEpoch }: ConfirmationErrand): Promise<Mail | null> {
    const user = await this.users.find(userId);
    if (user?.sessionEpoch !== sessionEpoch) return null;
    const owner = await this.users.findByEmail(newEmail);
    if (owner) return owner.id === userId ? null : this.letters.write('address-taken', newEmail, {});
    const { page, validSeconds } = this.confirmation;
    const order = { purpose: EMAIL_CHANGE, user: { id: userId, email: newEmail }, lifetimeSeconds: validSeconds };
    const { token } = await this.tokens.issueOnly(order);
    const url = this.links.to(page, token);
    return this.letters.write('email-change-confirmation', newEmail, { url, token, validSeconds });
  }

  /** Ends no older link: whoever moves a user twice would otherwise rid themselves of the first mailbox. */
  private async writeNotice({ userId, oldEmail, newEmail, isMade }: NoticeErrand): Promise<Mail | null> {
    if (!(await this.users.find(userId))) return null;
    const { page, validSeconds } = this.undo;
    const user = { id: userId, email: oldEmail };
    const { token } = await this.tokens.issue({ purpose: EMAIL_CHANGE_UNDO, user, lifetimeSeconds: validSeconds });
    const values = { url: this.links.to(page, token), token, validSeconds, newEmail };
    return this.letters.write(isMade ? 'email-changed' : 'email-change-notice', oldEmail, values);
  }
}
