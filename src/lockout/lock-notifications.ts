import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import { canonicalEmail } from '../kernel/email-address.js';
import type { MailCause } from '../mail/mail-cause.js';
import type { MailJob } from '../mail/mail-job.js';
import { MailLinks } from '../mail/mail-links.js';
import { MailQueue } from '../mail/mail-queue.js';
import type { Mail } from '../mail/mailer.js';
import { MailTemplates } from '../mail/templates/mail-templates.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { UserStore } from '../users/user.store.js';
import { Lockout } from './lockout.js';
import { lockoutOptions } from './lockout-options.js';

/** The purpose of an unlock link. */
export const UNLOCK = 'unlock';

interface LockJob extends MailJob {
  readonly kind: 'user-locked';
  readonly email: string;
}

/** Mails the link that unlocks, should a user have the address that was locked. */
@Injectable()
export class LockNotifications {
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly mailQueue: MailQueue,
    private readonly templates: MailTemplates,
    private readonly links: MailLinks,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly lockout: Lockout,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(lockoutOptions).lockoutSeconds;
    mailQueue.registerHandler('user-locked', (job: LockJob, { language }) => this.write(job, language));
  }

  /** Costs the same whether or not a user has the address. */
  async notify(typedEmail: string, { languages }: MailCause): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (email !== null) await this.mailQueue.enqueue({ kind: 'user-locked', email, ...(languages && { languages }) });
  }

  private async write({ email }: LockJob, language: string): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user) return null;
    const owner = { id: user.id, email };
    await this.lockout.nameLocked(owner);
    const validSeconds = this.lifetimeSeconds;
    const order = { purpose: UNLOCK, user: owner, lifetimeSeconds: validSeconds, outlivesGlobalEpoch: true };
    const { token } = await this.tokens.issue(order);
    const values = { url: this.links.to('/auth/unlock', token), token, validSeconds };
    return this.templates.write('user-locked', email, values, language);
  }
}
