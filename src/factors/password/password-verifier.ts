import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AccountLookup, type FoundAccount } from '../../credentials/account-lookup.js';
import type { FactorProof } from '../../credentials/factor.js';
import { PrescribedLogins } from '../../credentials/prescribed-logins.js';
import { AuthError } from '../../kernel/auth-error.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { UnprovenUsers } from '../../users/unproven-users.js';
import { HashGate } from './hash-gate.js';
import { LegacyLogin } from './legacy/legacy-login.js';
import { PasswordStore, type StoredPassword } from './password.store.js';
import { PasswordHashes } from './password-hashes.js';
import { canBePassword } from './password-policy.js';
import { RegistrationReminders } from './registration-reminders.js';

/** How a password is to be checked. */
export interface PasswordCheckParams {
  /** Whether it is to be refused, at the same cost; awaited before anything is compared. */
  isLocked(): Promise<boolean>;
  /** Who waits for the hash, see `HashGate`. */
  readonly source: string;
  /** Those that the sender reads, see `RequestOrigin.languages`. */
  readonly languages?: string | undefined;
}

/** Whose password it is. */
export type VerifiedPassword = Pick<FactorProof, 'user' | 'state'>;

interface Verdict {
  readonly matches: boolean;
  readonly newHash: string | null;
}

/** Whether a password is that of the user of an address. */
@Injectable()
export class PasswordVerifier implements OnModuleInit {
  private readonly logger = new Logger('password');
  private dummyHash = '';
  /** Not earlier: a DataSource knows its tables once it is initialised. */
  private finder: ((email: string) => Promise<FoundAccount<StoredPassword>>) | undefined;

  constructor(
    private readonly lookup: AccountLookup,
    private readonly passwords: PasswordStore,
    private readonly reminders: RegistrationReminders,
    private readonly hashes: PasswordHashes,
    private readonly gate: HashGate,
    private readonly legacy: LegacyLogin,
    private readonly unproven: UnprovenUsers,
    private readonly prescribed: PrescribedLogins,
  ) {}

  async onModuleInit(): Promise<void> {
    this.dummyHash = await this.hashes.hash(randomBytes(32).toString('base64url'));
  }

  /**
   * The user whose address and password these are. Whether the user exists, has a password or is locked, a refusal costs the same: the same
   * look-ups, one hash. What can be no password at all is refused at once, and a legacy directory that is asked takes its own time. Registrations
   * that are pending are no users: they are neither asked nor compared.
   *
   * @throws AuthError `invalid_credentials`, only its reason saying why
   * @throws AuthError `unavailable` when too many passwords are being checked
   */
  async verifyPassword(typedEmail: string, password: string, params: PasswordCheckParams): Promise<VerifiedPassword> {
    const { source } = params;
    if (!canBePassword(password)) throw refused('password_impossible');
    const email = canonicalEmail(typedEmail);
    // Side by side, and both before anything is compared.
    const [{ user, credential, state }, isLocked] = await Promise.all([this.find(email ?? ''), params.isLocked()]);
    const isPrescribed = email !== null && (await this.prescribed.loginFor(email, user)) !== null;
    // A locked user's password is not even compared: a hash due for renewal would take longer when it is right.
    const stored = isLocked || isPrescribed ? null : credential;
    const { matches, newHash } = await this.gate.run(() => this.verify(password, stored), source);
    if (!matches && !isPrescribed && email !== null) this.reminders.note(email, params.languages);
    if (isLocked) throw refused('locked', user?.id);
    if (isPrescribed) throw refused('login_prescribed', user?.id);
    if (!stored || !user || !matches) {
      const mayMove = !stored || !user || (this.legacy.isThere && (await this.unproven.includes(user)));
      const moved = mayMove && email !== null && (await this.legacy.adopt(email, password, source));
      if (moved) return this.verifyPassword(typedEmail, password, params);
      throw refused(stored ? 'wrong_password' : user ? 'user_without_password' : 'user_unknown', user?.id);
    }
    if (newHash !== null) await this.renew(stored, newHash);
    return { user, state };
  }

  private find(email: string): Promise<FoundAccount<StoredPassword>> {
    this.finder ??= this.lookup.finderFor(this.passwords.table, (userId) => this.passwords.find(userId));
    return this.finder(email);
  }

  /** All hashes under one admission: a second wait in line could fail a login that has succeeded. */
  private async verify(password: string, stored: StoredPassword | null): Promise<Verdict> {
    const { matches, needsRehash } = await this.hashes.verify(stored?.passwordHash ?? this.dummyHash, password);
    if (!stored || !matches || !needsRehash) return { matches, newHash: null };
    const newHash = await this.hashes.hash(password).catch((error) => this.notRenewed(error));
    return { matches, newHash };
  }

  private async renew({ userId, passwordHash }: StoredPassword, newHash: string): Promise<void> {
    await this.passwords.replaceHash(userId, passwordHash, newHash).catch((error) => this.notRenewed(error));
  }

  /** The next login tries again; this one stands. */
  private notRenewed(error: unknown): null {
    this.logger.warn(`a password hash could not be renewed: ${error instanceof Error ? error.name : 'unknown error'}`);
    return null;
  }
}

/** @param userId whose address it is: for the audit */
function refused(reason: string, userId?: string): AuthError {
  return new AuthError('invalid_credentials', { reason, userId });
}
