import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../../config/options.js';
import type { Errand, ErrandState } from '../../mail/errand.js';
import { Letters } from '../../mail/letters/letters.js';
import type { Mail } from '../../mail/mailer.js';
import { PostOffice } from '../../mail/post-office.js';
import { UserStore } from '../../users/user.store.js';
import { VerificationLetters } from '../../verification/verification-letters.js';
import { passwordOptions } from './password-options.js';

/** Somebody has registered; alike for a free and a taken address. */
export interface RegistrationErrand extends Omit<Errand, 'kind'> {
  readonly registrationId: string;
  /** Whose address it is, now or before. */
  readonly userId: string;
  readonly taken: boolean;
}

/** What is mailed after a registration: the link that is good for it, or that there is a user already. */
@Injectable()
export class RegistrationLetters {
  private readonly disclosesTaken: boolean;

  constructor(
    private readonly users: UserStore,
    private readonly verifications: VerificationLetters,
    private readonly letters: Letters,
    private readonly postOffice: PostOffice,
    options: Options,
  ) {
    this.disclosesTaken = options.of(passwordOptions).registrationDisclosesTaken;
    postOffice.writes('registration', (errand: RegistrationErrand & Errand, state) => this.write(errand, state));
  }

  async post(errand: RegistrationErrand, within: EntityManager): Promise<void> {
    await this.postOffice.post({ ...errand, kind: 'registration' }, within);
  }

  private async write(
    { registrationId, userId, taken }: RegistrationErrand,
    { postedAt }: ErrandState,
  ): Promise<Mail | null> {
    // Also when replies say that an address is taken: whoever registered it first may not be who reads its mailbox.
    if (!taken) return this.verifications.write(userId, { id: registrationId, at: postedAt }, postedAt);
    const user = this.disclosesTaken ? null : await this.users.find(userId);
    return user?.email ? this.letters.write('address-taken', user.email, {}) : null;
  }
}
