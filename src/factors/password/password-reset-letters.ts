import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { isStandInAddress } from '../../kernel/stand-in-address.js';
import type { Errand } from '../../mail/errand.js';
import { Letters } from '../../mail/letters/letters.js';
import { MailLinks } from '../../mail/mail-links.js';
import type { Mail } from '../../mail/mailer.js';
import { PostOffice } from '../../mail/post-office.js';
import { MailedTokens } from '../../users/mailed-tokens.js';
import { UserStore } from '../../users/user.store.js';
import { passwordOptions } from './password-options.js';

/** Purpose of the tokens that set a password. */
export const PASSWORD_RESET = 'password-reset';

/** As long as the ways back it follows: there is no other way to another such link. */
const TAKEN_BACK_SECONDS = 7 * 86_400;

interface TakenBackErrand extends Errand {
  readonly userId: string;
  /** Where it goes, and where the account has been; its address is another now. */
  readonly mailbox: string;
  /** Of the token in its link. */
  readonly tokenId: string;
}

interface ResetErrand extends Errand {
  /** Canonical, of whoever or nobody. */
  readonly email: string;
}

/**
 * Writes the mails that reset a password, when their turn comes: only then the address is looked up and a token made. Not where the
 * address says nothing of whose the account is: such a link is made with what it follows.
 */
@Injectable()
export class PasswordResetLetters {
  private readonly page: string;
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly letters: Letters,
    private readonly links: MailLinks,
    private readonly postOffice: PostOffice,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    const { passwordResetUrl, passwordResetSeconds } = options.of(passwordOptions);
    this.page = passwordResetUrl || '/auth/password/reset';
    this.lifetimeSeconds = passwordResetSeconds;
    postOffice.writes(PASSWORD_RESET, (errand: ResetErrand) => this.write(errand));
    postOffice.writes('account-taken-back', (errand: TakenBackErrand) => this.writeTakenBack(errand));
  }

  /** Asks for a link, should the canonical address be somebody's. The same work whoever it is. */
  async post(email: string, within?: EntityManager): Promise<void> {
    await this.postOffice.post({ kind: PASSWORD_RESET, email }, within);
  }

  /**
   * Mails a link to a mailbox that has taken an account back whose address is a stand-in ever since. Part of the transaction that has
   * locked the user and ended the links from before: what ends links later ends this one too, however late it is mailed.
   */
  async postTakenBack(userId: string, mailbox: string, within: EntityManager): Promise<void> {
    const order = {
      purpose: PASSWORD_RESET,
      user: { id: userId, email: mailbox },
      lifetimeSeconds: TAKEN_BACK_SECONDS,
    };
    const tokenId = await this.tokens.reserve(order, within);
    await this.audit.record({ type: 'password.reset_mailed', userId }, within);
    await this.postOffice.post({ kind: 'account-taken-back', userId, mailbox, tokenId }, within);
  }

  private async write({ email }: ResetErrand): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user) return null;
    const order = { purpose: PASSWORD_RESET, user: { id: user.id, email }, lifetimeSeconds: this.lifetimeSeconds };
    const event = { type: 'password.reset_mailed' as const, userId: user.id };
    const issued = await this.tokens.issueOnly(order, (within) => this.audit.record(event, within));
    return issued && this.letters.write('password-reset', email, this.linkOf(issued.token, this.lifetimeSeconds));
  }

  private async writeTakenBack({ userId, mailbox, tokenId }: TakenBackErrand): Promise<Mail | null> {
    const token = await this.tokens.reserved(tokenId, PASSWORD_RESET);
    const loginEmail = (await this.users.find(userId))?.email;
    if (token === null || !loginEmail || !isStandInAddress(loginEmail)) return null;
    return this.letters.write('account-taken-back', mailbox, { ...this.linkOf(token, TAKEN_BACK_SECONDS), loginEmail });
  }

  private linkOf(token: string, validSeconds: number) {
    return { url: this.links.to(this.page, token), token, validSeconds };
  }
}
