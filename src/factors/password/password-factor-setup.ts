import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type PasswordOwnerToBe, PasswordSetup } from '../../credentials/password-setup.js';
import { Clock } from '../../kernel/clock.js';
import { NewPasswords } from './new-passwords.js';
import { PasswordStore } from './password.store.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordResetLetters } from './password-reset-letters.js';

/** Passwords for users whom operators make. */
@Injectable()
export class PasswordFactorSetup extends PasswordSetup {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly newPasswords: NewPasswords,
    private readonly passwords: PasswordStore,
    private readonly letters: PasswordResetLetters,
    private readonly clock: Clock,
  ) {
    super();
  }

  async prepare(password: string, owner: PasswordOwnerToBe) {
    await this.policy.check(password, owner);
    const passwordHash = await this.newPasswords.hash(password);
    return (userId: string, within: EntityManager) =>
      this.passwords.set({ userId, passwordHash, changedAt: this.clock.now() }, within);
  }

  mailLink(email: string, within?: EntityManager): Promise<void> {
    return this.letters.post(email, within);
  }
}
