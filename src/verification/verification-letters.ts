import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { Errand, ErrandState } from '../mail/errand.js';
import { Letters } from '../mail/letters/letters.js';
import { MailLinks } from '../mail/mail-links.js';
import type { Mail } from '../mail/mailer.js';
import { PostOffice } from '../mail/post-office.js';
import { EMAIL_VERIFICATION, MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { usersOptions } from '../users/users-options.js';
import { type PendingOrigin, PendingRegistrations } from './pending-registrations.js';

const AGAIN = 'email-verification-again';

interface AgainErrand extends Errand {
  /** Canonical, of whoever or nobody. */
  readonly email: string;
}

/** Writes the mails that verify an address, when their turn comes: only then the address is looked up and a token made. */
@Injectable()
export class VerificationLetters {
  private readonly page: string;
  private readonly lifetimeSeconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly registrations: PendingRegistrations,
    private readonly letters: Letters,
    private readonly links: MailLinks,
    private readonly postOffice: PostOffice,
    options: Options,
  ) {
    const { emailVerificationUrl, emailVerificationSeconds } = options.of(usersOptions);
    this.page = emailVerificationUrl || '/auth/email/verify';
    this.lifetimeSeconds = emailVerificationSeconds;
    postOffice.writes(AGAIN, (errand: AgainErrand, state) => this.writeAgain(errand, state));
  }

  /** Asks for another link, should the address belong to somebody who needs one. The same work whoever it is. */
  async sendAgain(email: string): Promise<void> {
    await this.postOffice.post({ kind: AGAIN, email });
  }

  /** A link that stands for `origin`, unless the user needs none; it ends what was mailed for the same before. */
  async write(userId: string, origin: PendingOrigin | null, at: Date): Promise<Mail | null> {
    const user = await this.users.find(userId);
    if (!user?.email || user.emailVerifiedAt) return null;
    const { email } = user;
    const token = await this.issue({ id: userId, email }, origin);
    const url = this.links.to(this.page, token);
    const values = { url, token, validSeconds: this.lifetimeSeconds, at: at.toISOString() };
    return this.letters.write('email-verification', email, values);
  }

  private async issue(
    user: { readonly id: string; readonly email: string },
    origin: PendingOrigin | null,
  ): Promise<string> {
    const order = {
      purpose: EMAIL_VERIFICATION,
      user,
      lifetimeSeconds: this.lifetimeSeconds,
      originId: origin?.id,
      outlivesEverybody: true,
    };
    const { token } = await this.dataSource.transaction(async (manager) => {
      const older = origin && { userId: user.id, originId: origin.id, purpose: EMAIL_VERIFICATION };
      if (older) await this.tokens.consumeOrigin(older, manager);
      return this.tokens.issue(order, manager);
    });
    return token;
  }

  private async writeAgain({ email }: AgainErrand, { postedAt }: ErrandState): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user || user.emailVerifiedAt) return null;
    const [origin = null, ...others] = await this.registrations.originsOf(user.id);
    // Which of several registrations is the mailbox owner's cannot be told: the link stands for none.
    return this.write(user.id, others.length > 0 ? null : origin, origin?.at ?? postedAt);
  }
}
