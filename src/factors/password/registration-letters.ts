import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../../config/options.js';
import type { Errand } from '../../mail/errand.js';
import { Letters } from '../../mail/letters/letters.js';
import type { Mail } from '../../mail/mailer.js';
import { PostOffice } from '../../mail/post-office.js';
import { UserStore } from '../../users/user.store.js';
import { MailboxRegistrations } from './mailbox-registrations.js';
import { passwordOptions } from './password-options.js';

/** Somebody has registered; alike for a free and a taken address. */
export interface RegistrationErrand extends Omit<Errand, 'kind'> {
  /** Of nothing where the address is taken. */
  readonly registrationId: string;
  /** Canonical. */
  readonly email: string;
  readonly isTaken: boolean;
}

interface ReminderErrand extends Errand {
  readonly email: string;
}

/** What is mailed after a registration: the link that is good for it, or that there is a user already. */
@Injectable()
export class RegistrationLetters {
  private readonly disclosesTaken: boolean;

  constructor(
    private readonly users: UserStore,
    private readonly registrations: MailboxRegistrations,
    private readonly letters: Letters,
    private readonly postOffice: PostOffice,
    options: Options,
  ) {
    this.disclosesTaken = options.of(passwordOptions).registrationDisclosesTaken;
    postOffice.writes('registration', (errand: RegistrationErrand & Errand) => this.write(errand));
    postOffice.writes('registration-reminder', (errand: ReminderErrand) => this.remind(errand));
  }

  async post(errand: RegistrationErrand, within: EntityManager): Promise<void> {
    await this.postOffice.post({ ...errand, kind: 'registration' }, within);
  }

  /** Asks for the link to be mailed again. */
  async postReminder(email: string): Promise<void> {
    await this.postOffice.post({ kind: 'registration-reminder', email });
  }

  private async write({ registrationId, email, isTaken }: RegistrationErrand): Promise<Mail | null> {
    if (!isTaken) return this.registrations.writeLinkOf(registrationId);
    const user = this.disclosesTaken ? null : await this.users.findByEmail(email);
    return user?.email ? this.letters.write('address-taken', user.email, {}) : null;
  }

  /** Who is a user by now needs none. */
  private async remind({ email }: ReminderErrand): Promise<Mail | null> {
    return (await this.users.findByEmail(email)) ? null : this.registrations.writeLink(email);
  }
}
