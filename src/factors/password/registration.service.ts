import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { HashGate } from './hash-gate.js';
import { PasswordHashes } from './password-hashes.js';
import { passwordOptions } from './password-options.js';
import { PasswordPolicy } from './password-policy.js';
import { Registrations } from './registrations.js';

/** What somebody who wants to become a user brings; nothing about it checked but its types. */
export interface RegistrationWish {
  readonly email: string;
  readonly password: string;
  readonly name: string | null;
}

/** Makes users out of strangers, and tells nobody who is one already. */
@Injectable()
export class RegistrationService {
  private readonly disclosesTaken: boolean;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly policy: PasswordPolicy,
    private readonly hashes: PasswordHashes,
    private readonly gate: HashGate,
    private readonly registrations: Registrations,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    this.disclosesTaken = options.of(passwordOptions).registrationDisclosesTaken;
  }

  /**
   * Registers, and has mailed what is to be known: a link that verifies the address, or that there is a user already.
   *
   * @throws AuthError `validation_failed` when the address or the password will not do
   * @throws AuthError `conflict` for a taken address, only if `registrationDisclosesTaken`
   * @throws AuthError `unavailable` when too many passwords are being hashed
   */
  async register({ email: typed, password, name }: RegistrationWish): Promise<void> {
    const email = canonicalEmail(typed);
    if (email === null) throw notAnAddress();
    await this.policy.check(password, { email, name });
    // For a taken address too, or the time would tell.
    const passwordHash = await this.gate.admit(() => this.hashes.hash(password));
    const outcome = await this.dataSource.transaction(async (manager) => {
      const registered = await this.registrations.record({ email, name, password, passwordHash }, manager);
      await this.audit.record({ type: 'users.registration', ...registered }, manager);
      return registered.outcome;
    });
    if (this.disclosesTaken && outcome !== 'created') {
      throw new AuthError('conflict', { reason: `address_${outcome}` });
    }
  }
}

function notAnAddress(): AuthError {
  const errors = [{ field: 'email', rule: 'isEmailAddress', message: 'email must be one plain e-mail address' }];
  return new AuthError('validation_failed', { reason: 'not_an_address', errors });
}
