import { createHmac, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { SecretKey } from '../../kernel/secret-key.js';
import type { UserFieldValues } from '../../kernel/user-fields.js';
import { causedBy } from '../../mail/mail-cause.js';
import { MailboxPolicy } from '../../users/mailbox-policy.js';
import { RegistrationPolicy } from '../../users/registration-policy.js';
import { UnprovenUsers } from '../../users/unproven-users.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { usersOptions } from '../../users/users-options.js';
import { VerificationMails } from '../../verification/verification-mails.js';
import { verificationOptions } from '../../verification/verification-options.js';
import { HashGate } from './hash-gate.js';
import { PasswordStore } from './password.store.js';
import { PasswordHashes } from './password-hashes.js';
import { passwordOptions } from './password-options.js';
import { PasswordPolicy } from './password-policy.js';
import { RegistrationMails } from './registration-mails.js';
import { type NewRegistration, Registrations } from './registrations.js';

/** What a registration contains; only its types have been checked. */
export interface RegistrationParams {
  readonly email: string;
  readonly password: string;
  readonly name: string | null;
  /** Validated; null: none. */
  readonly fields?: UserFieldValues | null;
  /** Absent: an application registers by itself. */
  readonly origin?: RequestOrigin;
  /** Who waits for the hash, see `HashGate`. */
  readonly source?: string;
}

/**
 * - `pending`: kept until its link is followed, or too late.
 * - `created`: a user who has yet to verify the address (`EMAIL_VERIFICATION=optional`).
 * - `taken`: there is a user of that address, of whatever kind; nothing is kept.
 * - `elsewhere`: people of that address sign in elsewhere; nothing is kept.
 */
interface Registered {
  readonly outcome: 'pending' | 'created' | 'taken' | 'elsewhere';
  readonly userId: string | null;
}

type Applicant = Omit<NewRegistration, 'id' | 'expiresAt'>;

/** Takes registrations, without revealing who is a user already. */
@Injectable()
export class RegistrationService {
  private readonly disclosesTaken: boolean;
  private readonly needsProof: boolean;
  private readonly lifetimeSeconds: number;
  private readonly saltKey: Buffer;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly registrationPolicy: RegistrationPolicy,
    private readonly mailboxes: MailboxPolicy,
    private readonly policy: PasswordPolicy,
    private readonly hashes: PasswordHashes,
    private readonly gate: HashGate,
    private readonly registrations: Registrations,
    private readonly passwords: PasswordStore,
    private readonly unproven: UnprovenUsers,
    private readonly mails: RegistrationMails,
    private readonly verifications: VerificationMails,
    private readonly prescribed: PrescribedLogins,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    secretKey: SecretKey,
    options: Options,
  ) {
    this.disclosesTaken = options.of(passwordOptions).registrationDisclosesTaken;
    this.needsProof = options.of(usersOptions).emailVerification === 'required';
    this.lifetimeSeconds = options.of(verificationOptions).emailVerificationSeconds;
    this.saltKey = secretKey.derive('password/registration-salt');
  }

  /**
   * Registers, and has mailed what is to be known: a link that proves the mailbox, or that there is a user already.
   *
   * @throws AuthError `forbidden` where registration is closed
   * @throws AuthError `validation_failed` when the address or the password will not do
   * @throws AuthError `conflict` for a taken address, only if `registrationDisclosesTaken`
   * @throws AuthError `unavailable` when too many passwords are being hashed
   */
  async register({ email: typed, password, name, fields = null, source, origin }: RegistrationParams): Promise<void> {
    const email = canonicalEmail(typed);
    if (email === null) throw notAnAddress();
    await this.registrationPolicy.assertMayRegister({ email, name, fields: fields ?? {}, origin: origin ?? null });
    await this.mailboxes.assertTaken(email, 'registration');
    await this.policy.assertAcceptable(password, { email, name });
    // For a taken address too, or the time would tell.
    const passwordHash = await this.gate.run(() => this.hashes.hash(password, this.saltFor(email)), source);
    const owner = await this.users.findByEmail(email);
    const isPrescribed = (await this.prescribed.loginFor(email, null)) !== null;
    const { outcome } = await this.dataSource.transaction(async (manager) => {
      const applicant = { email, name, fields, passwordHash };
      causedBy(origin, manager);
      const registered = await this.record(applicant, owner, isPrescribed, manager);
      await this.audit.record({ type: 'user.registered', ...registered }, manager);
      return registered;
    });
    if (this.disclosesTaken && outcome === 'taken') throw new AuthError('conflict', { reason: 'address_taken' });
  }

  private async record(
    applicant: Applicant,
    owner: UserRecord | null,
    isPrescribed: boolean,
    tx: EntityManager,
  ): Promise<Registered> {
    if (!this.needsProof && !owner && !isPrescribed) {
      const user = await this.create(applicant, tx);
      if (user) return { outcome: 'created', userId: user.id };
    }
    const isTaken = !this.needsProof || owner !== null || isPrescribed;
    const { email } = applicant;
    const id = randomUUID();
    const expiresAt = this.clock.in(this.lifetimeSeconds);
    await this.registrations.add({ ...applicant, id, expiresAt }, !isTaken, tx);
    await this.mails.enqueue({ registrationId: id, email, isTaken }, tx);
    const outcome = isPrescribed ? 'elsewhere' : isTaken ? 'taken' : 'pending';
    return { outcome, userId: owner?.id ?? null };
  }

  /** Null when another registration was a moment faster. */
  private async create(
    { email, name, fields, passwordHash }: Applicant,
    tx: EntityManager,
  ): Promise<UserRecord | null> {
    const user = await this.users.insert({ email, name, fields }, tx);
    if (!user) return null;
    await this.passwords.set({ userId: user.id, passwordHash, changedAt: this.clock.now() }, tx);
    await this.unproven.add(user.id, tx);
    await this.verifications.enqueue(email, tx);
    return user;
  }

  /** One to an address, which cannot be told without our key: by it two forms with one password are known for one. */
  private saltFor(email: string): Buffer {
    return createHmac('sha256', this.saltKey).update(email).digest().subarray(0, 16);
  }
}

function notAnAddress(): AuthError {
  const errors = [{ field: 'email', rule: 'isEmailAddress', message: 'email must be a single plain e-mail address' }];
  return new AuthError('validation_failed', { reason: 'not_an_address', errors });
}
