import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import type { MailJob, MailJobState } from '../mail/mail-job.js';
import { MailQueue } from '../mail/mail-queue.js';
import type { Mail } from '../mail/mailer.js';
import { EMAIL_VERIFICATION, MailedTokens } from '../users/mailed-tokens.js';
import { UnprovenUsers } from '../users/unproven-users.js';
import { UserStore } from '../users/user.store.js';
import { PendingRegistrations } from './pending-registrations.js';
import { VerificationMail } from './verification-mail.js';
import { verificationOptions } from './verification-options.js';

const AGAIN = 'email-verification-again';

interface AgainJob extends MailJob {
  /** Canonical, whether or not a user has it. */
  readonly email: string;
}

/** Writes the mails that verify an address, when their turn comes: only then the address is looked up and a token made. */
@Injectable()
export class VerificationMails {
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly users: UserStore,
    private readonly unproven: UnprovenUsers,
    private readonly tokens: MailedTokens,
    private readonly registrations: PendingRegistrations,
    private readonly mail: VerificationMail,
    private readonly mailQueue: MailQueue,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(verificationOptions).emailVerificationSeconds;
    mailQueue.registerHandler(AGAIN, (job: AgainJob, state) => this.write(job, state));
  }

  /** Asks for a link, should the address belong to a user who needs one. The same work in every case. */
  async enqueue(email: string, within?: EntityManager, languages?: string): Promise<void> {
    await this.mailQueue.enqueue({ kind: AGAIN, email, ...(languages && { languages }) }, within);
  }

  /** A link to a user who is not verified, or else to the latest registration; it ends what was mailed for the same before. */
  private async write({ email }: AgainJob, { createdAt, language }: MailJobState): Promise<Mail | null> {
    const user = await this.users.findByEmail(email);
    if (!user) return this.registrations.writeLink(email, language);
    if (user.emailVerifiedAt) return null;
    const validSeconds = this.lifetimeSeconds;
    const whose = { purpose: EMAIL_VERIFICATION, user: { id: user.id, email } };
    const order = { ...whose, lifetimeSeconds: validSeconds, outlivesGlobalEpoch: true };
    const issued = await this.tokens.issueOnly(order);
    if (!issued) return null;
    const isOfRegistration = await this.unproven.includes(user);
    const at = isOfRegistration ? user.createdAt : createdAt;
    return this.mail.write({ email, token: issued.token, validSeconds, at, isOfRegistration }, language);
  }
}
