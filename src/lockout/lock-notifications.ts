import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import { canonicalEmail } from '../kernel/email-address.js';
import type { Errand } from '../mail/errand.js';
import { Letters } from '../mail/letters/letters.js';
import { MailLinks } from '../mail/mail-links.js';
import type { Mail } from '../mail/mailer.js';
import { PostOffice } from '../mail/post-office.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { Lockout } from './lockout.js';
import { lockoutOptions } from './lockout-options.js';

/** What an unlock link is good for. */
export const UNLOCK = 'unlock';

interface LockErrand extends Errand {
  readonly kind: 'user-locked';
  readonly email: string;
}

/** Mails the link that unlocks, should the address that was locked be somebody's. */
@Injectable()
export class LockNotifications {
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly postOffice: PostOffice,
    private readonly letters: Letters,
    private readonly links: MailLinks,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly lockout: Lockout,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(lockoutOptions).lockoutSeconds;
    postOffice.writes('user-locked', (errand: LockErrand) => this.write(errand));
  }

  /** Costs the same whether or not the address is anybody's. */
  async tell(typedEmail: string): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.postOffice.post({ kind: 'user-locked', email });
  }

  private async write({ email }: LockErrand): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user) return null;
    const owner = { id: user.id, email };
    await this.lockout.nameLocked(owner);
    const validSeconds = this.lifetimeSeconds;
    const order = { purpose: UNLOCK, user: owner, lifetimeSeconds: validSeconds, outlivesEverybody: true };
    const { token } = await this.tokens.issue(order);
    return this.letters.write('user-locked', email, {
      url: this.links.to('/auth/unlock', token),
      token,
      validSeconds,
    });
  }
}
