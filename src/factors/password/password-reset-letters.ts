import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
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

interface ResetErrand extends Errand {
  /** Canonical, of whoever or nobody. */
  readonly email: string;
}

/** Writes the mails that reset a password, when their turn comes: only then the address is looked up and a token made. */
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
  }

  /** Asks for a link, should the canonical address be somebody's. The same work whoever it is. */
  async post(email: string, within?: EntityManager): Promise<void> {
    await this.postOffice.post({ kind: PASSWORD_RESET, email }, within);
  }

  private async write({ email }: ResetErrand): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user) return null;
    const order = { purpose: PASSWORD_RESET, user: { id: user.id, email }, lifetimeSeconds: this.lifetimeSeconds };
    const event = { type: 'password.reset_mailed' as const, userId: user.id };
    const { token } = await this.tokens.issueOnly(order, (within) => this.audit.record(event, within));
    const url = this.links.to(this.page, token);
    return this.letters.write('password-reset', email, { url, token, validSeconds: this.lifetimeSeconds });
  }
}
