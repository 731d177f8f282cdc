import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../../config/options.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import type { MailJob } from '../../mail/mail-job.js';
import { MailQueue } from '../../mail/mail-queue.js';
import type { Mail } from '../../mail/mailer.js';
import { MailTemplates } from '../../mail/templates/mail-templates.js';
import { UserStore } from '../../users/user.store.js';
import { MailboxRegistrations } from './mailbox-registrations.js';
import { passwordOptions } from './password-options.js';

/** An address was registered; alike for a free and a taken address. */
export interface RegistrationJob extends Omit<MailJob, 'kind'> {
  /** Of nothing where the address is taken. */
  readonly registrationId: string;
  /** Canonical. */
  readonly email: string;
  readonly isTaken: boolean;
}

interface ReminderJob extends MailJob {
  readonly email: string;
}

/** Writes the mail after a registration: the link that completes it, or the news that the user exists already. */
@Injectable()
export class RegistrationMails {
  private readonly disclosesTaken: boolean;

  constructor(
    private readonly users: UserStore,
    private readonly registrations: MailboxRegistrations,
    private readonly templates: MailTemplates,
    private readonly mailQueue: MailQueue,
    private readonly prescribed: PrescribedLogins,
    options: Options,
  ) {
    this.disclosesTaken = options.of(passwordOptions).registrationDisclosesTaken;
    mailQueue.registerHandler('registration', (job: RegistrationJob & MailJob, { language }) =>
      this.write(job, language),
    );
    mailQueue.registerHandler('registration-reminder', (job: ReminderJob, { language }) => this.remind(job, language));
  }

  async enqueue(job: RegistrationJob, within: EntityManager): Promise<void> {
    await this.mailQueue.enqueue({ ...job, kind: 'registration' }, within);
  }

  /** Asks for the link to be mailed again. */
  async enqueueReminder(email: string, languages?: string): Promise<void> {
    await this.mailQueue.enqueue({ kind: 'registration-reminder', email, ...(languages && { languages }) });
  }

  private async write({ registrationId, email, isTaken }: RegistrationJob, language: string): Promise<Mail | null> {
    const prescribed = await this.prescribed.loginFor(email, null);
    if (prescribed) return this.templates.write('sign-in-elsewhere', email, { provider: prescribed.name }, language);
    if (!isTaken) return this.registrations.writeLinkOf(registrationId, language);
    const user = this.disclosesTaken ? null : await this.users.findByEmail(email);
    return user?.email ? this.templates.write('address-taken', user.email, {}, language) : null;
  }

  /** Who is a user by now needs none. */
  private async remind({ email }: ReminderJob, language: string): Promise<Mail | null> {
    return (await this.users.findByEmail(email)) ? null : this.registrations.writeLink(email, language);
  }
}
