import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { Notices } from '../../mail/notices.js';
import { SecurityChangeHooks } from '../../users/security-change.hooks.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { HashGate } from './hash-gate.js';
import { PasswordStore } from './password.store.js';
import { PasswordHashes } from './password-hashes.js';
import { PasswordResetLetters } from './password-reset-letters.js';
import { RegistrationEntity } from './registration.entity.js';

/** Of no known form, so that nothing matches it. */
const NO_HASH = '!';

/** Puts passwords in the place of others, and takes them away. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly hashes: PasswordHashes,
    private readonly gate: HashGate,
    private readonly letters: PasswordResetLetters,
    private readonly notices: Notices,
    private readonly clock: Clock,
    hooks: SecurityChangeHooks,
  ) {
    // Whoever changed the address knew the password.
    hooks.on('email_change_undone', ({ userId }, manager) => this.takeAway(userId, manager));
    hooks.on('user_deleted', async ({ userId }, manager) => {
      await this.passwords.delete(userId, manager);
      await manager.delete(RegistrationEntity, { userId });
    });
  }

  /** @throws AuthError `unavailable` when too many passwords are being hashed */
  hash(password: string): Promise<string> {
    return this.gate.admit(() => this.hashes.hash(password));
  }

  /** Sets a password that has replaced another, and mails its user a notice. */
  async set(user: Pick<UserRecord, 'id' | 'email'>, passwordHash: string, within: EntityManager): Promise<void> {
    const now = this.clock.now();
    await this.passwords.set({ userId: user.id, passwordHash, changedAt: now }, within);
    await this.notices.send('password-changed', user, { at: now.toISOString(), device: null }, within);
  }

  /** From now on no password is right; a link to choose one is mailed to the address. */
  async takeAway(userId: string, within: EntityManager): Promise<void> {
    // Not deleted: a user without a password could still come from an old system with the one they had there.
    await this.passwords.set({ userId, passwordHash: NO_HASH, changedAt: this.clock.now() }, within);
    const user = await this.users.find(userId, within);
    if (user?.email) await this.letters.post(user.email, within);
  }
}
