import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { SecurityNotifications } from '../../security/security-notifications.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { HashGate } from './hash-gate.js';
import { NO_HASH, PasswordStore } from './password.store.js';
import { PasswordHashes } from './password-hashes.js';
import { PasswordResetMails } from './password-reset-mails.js';

/** Puts passwords in the place of others, and takes them away. */
@Injectable()
export class PasswordSetter {
  constructor(
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly hashes: PasswordHashes,
    private readonly gate: HashGate,
    private readonly mails: PasswordResetMails,
    private readonly notifications: SecurityNotifications,
    private readonly clock: Clock,
  ) {}

  /**
   * @param source who waits for it, see `HashGate`
   * @throws AuthError `unavailable` when too many passwords are being hashed
   */
  hash(password: string, source?: string): Promise<string> {
    return this.gate.run(() => this.hashes.hash(password), source);
  }

  /** Sets a password that has replaced another, and mails its user a notice. */
  async set(user: Pick<UserRecord, 'id' | 'email'>, passwordHash: string, within: EntityManager): Promise<void> {
    const now = this.clock.now();
    await this.passwords.set({ userId: user.id, passwordHash, changedAt: now }, within);
    const values = { at: now.toISOString(), device: null };
    await this.notifications.sendWayIn('password-changed', user, values, { since: now, within });
  }

  /** From now on no password is right; a link to choose one is mailed, to the account's address unless another mailbox was proven. */
  async takeAway(userId: string, mailbox: string | undefined, within: EntityManager): Promise<void> {
    await this.invalidate(userId, within);
    const user = await this.users.find(userId, within);
    if (!user?.email) return;
    if (mailbox === undefined || mailbox === user.email) await this.mails.enqueue(user.email, within);
    else await this.mails.enqueueTakenBack(userId, mailbox, within);
  }

  /** From now on no password is right. */
  async invalidate(userId: string, within: EntityManager): Promise<void> {
    // Not deleted: a user without a password could still come from an old system with the one they had there.
    await this.passwords.set({ userId, passwordHash: NO_HASH, changedAt: this.clock.now() }, within);
  }

  /** Whether the user has a password that could be right. */
  async hasOne(userId: string, within: EntityManager): Promise<boolean> {
    const stored = await this.passwords.find(userId, within);
    return stored !== null && stored.passwordHash !== NO_HASH;
  }
}
