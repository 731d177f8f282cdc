import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import type { Errand, ErrandState } from '../../mail/errand.js';
import { Letters } from '../../mail/letters/letters.js';
import type { Mail } from '../../mail/mailer.js';
import { PostOffice } from '../../mail/post-office.js';
import { EmailVerifiedHooks, type PendingOrigin } from '../../users/email-verified.hooks.js';
import { UserStore } from '../../users/user.store.js';
import { VerificationLetters } from '../../users/verification-letters.js';
import { passwordOptions } from './password-options.js';
import { RegistrationEntity } from './registration.entity.js';

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
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly verifications: VerificationLetters,
    private readonly letters: Letters,
    private readonly postOffice: PostOffice,
    hooks: EmailVerifiedHooks,
    options: Options,
  ) {
    this.disclosesTaken = options.of(passwordOptions).registrationDisclosesTaken;
    postOffice.writes('registration', (errand: RegistrationErrand & Errand, state) => this.write(errand, state));
    hooks.addOrigins((userId) => this.pendingOf(userId));
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

  private async pendingOf(userId: string): Promise<PendingOrigin[]> {
    const pending = await this.dataSource.manager.findBy(RegistrationEntity, { userId });
    return pending.map(({ tokenId, createdAt }) => ({ id: tokenId, at: createdAt }));
  }
}
