import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type PasswordOwnerToBe, PasswordSetup } from '../../credentials/password-setup.js';
import { Clock } from '../../kernel/clock.js';
import { PasswordStore } from './password.store.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordResetMails } from './password-reset-mails.js';
import { PasswordSetter } from './password-setter.js';

/** Passwords for users whom admins make. */
@Injectable()
export class PasswordFactorSetup extends PasswordSetup {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly passwordSetter: PasswordSetter,
    private readonly passwords: PasswordStore,
    private readonly mails: PasswordResetMails,
    private readonly clock: Clock,
  ) {
    super();
  }

  async prepare(password: string, owner: PasswordOwnerToBe) {
    await this.policy.assertAcceptable(password, owner);
    const passwordHash = await this.passwordSetter.hash(password);
    return (userId: string, within: EntityManager) =>
      this.passwords.set({ userId, passwordHash, changedAt: this.clock.now() }, within);
  }

  mailLink(email: string, within?: EntityManager): Promise<void> {
    return this.mails.enqueue(email, within);
  }
}
