import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { UserStore } from '../../users/user.store.js';
import { PasswordStore } from './password.store.js';
import { PendingPasswords } from './pending-passwords.js';
import { RegistrationEntity } from './registration.entity.js';
import { RegistrationLetters } from './registration-letters.js';

/** Who registers, with everything checked and hashed. */
export interface Applicant {
  readonly email: string;
  readonly name: string | null;
  readonly password: string;
  readonly passwordHash: string;
}

/**
 * - `created`: a new user.
 * - `pending`: the address was registered before, and never verified.
 * - `taken`: it is a verified user's.
 */
export interface Registered {
  readonly outcome: 'created' | 'pending' | 'taken';
  readonly userId: string;
}

/**
 * Registrations that wait for their link to be followed. An address may be registered by somebody who does not read its
 * mailbox, before or after its owner does. So only the link of the latest registration installs its password and name: an owner who
 * registers and follows the link that comes then gets what they chose. Any other verifies the address and installs nothing,
 * and its owner chooses a password by a reset link (pre-hijacking, arXiv 2205.10174).
 */
@Injectable()
export class Registrations {
  constructor(
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly letters: RegistrationLetters,
    private readonly pending: PendingPasswords,
    private readonly clock: Clock,
  ) {}

  /** Always four statements, which write as many bytes, so that none of the outcomes shows in its time. */
  async record(applicant: Applicant, within: EntityManager): Promise<Registered> {
    const registered = await this.recordUser(applicant, within);
    const { outcome, userId } = registered;
    const { name, password, passwordHash } = applicant;
    const tokenId = randomUUID();
    const passwordSelector = this.pending.selectorOf(userId, password);
    const createdAt = this.clock.now();
    await within.insert(RegistrationEntity, { tokenId, userId, passwordHash, passwordSelector, name, createdAt });
    await this.letters.post({ registrationId: tokenId, userId, taken: outcome === 'taken' }, within);
    return registered;
  }

  private async recordUser({ email, name, passwordHash }: Applicant, within: EntityManager): Promise<Registered> {
    const created = await this.users.insert({ email, name }, within);
    if (created) {
      await this.setPassword(created.id, passwordHash, within);
      return { outcome: 'created', userId: created.id };
    }
    const user = await this.users.findByEmail(email, within);
    if (!user) throw new AuthError('unavailable', { reason: 'user_removed_meanwhile' });
    return { outcome: user.emailVerifiedAt ? 'taken' : 'pending', userId: user.id };
  }

  private setPassword(userId: string, passwordHash: string, within: EntityManager): Promise<void> {
    return this.passwords.set({ userId, passwordHash, changedAt: this.clock.now() }, within);
  }
}
