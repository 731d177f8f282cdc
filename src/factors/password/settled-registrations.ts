import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { UserStore } from '../../users/user.store.js';
import {
  type MailboxProof,
  type PendingOrigin,
  PendingRegistrations,
} from '../../verification/pending-registrations.js';
import { NewPasswords } from './new-passwords.js';
import { PasswordStore } from './password.store.js';
import { RegistrationEntity } from './registration.entity.js';

/** What becomes of pending registrations when the mailbox is proven: the link's own installs its password, all others install nothing. */
@Injectable()
export class SettledRegistrations extends PendingRegistrations {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly newPasswords: NewPasswords,
    private readonly clock: Clock,
  ) {
    super();
  }

  async originsOf(userId: string): Promise<PendingOrigin[]> {
    const pending = await this.dataSource.manager.findBy(RegistrationEntity, { userId });
    return pending.map(({ tokenId, createdAt }) => ({ id: tokenId, at: createdAt }));
  }

  async settle({ userId, originId, by }: MailboxProof, within: EntityManager): Promise<void> {
    const pending = await within.findBy(RegistrationEntity, { userId });
    await within.delete(RegistrationEntity, { userId });
    const own = pending.find(({ tokenId }) => tokenId === originId);
    if (own && !pending.some((other) => isRival(other, own))) {
      await this.passwords.set({ userId, passwordHash: own.passwordHash, changedAt: this.clock.now() }, within);
      await this.users.update(userId, { name: own.name }, within);
      return;
    }
    if (pending.length === 0) return;
    // The mails of several registrations look alike: who follows one may follow a stranger's.
    await this.users.update(userId, { name: null }, within);
    if (by === 'verification') await this.newPasswords.takeAway(userId, within);
  }
}

/** Whether another registration, with another password, is at least as late. The same person may have sent one form twice. */
function isRival(other: RegistrationEntity, own: RegistrationEntity): boolean {
  return other.createdAt >= own.createdAt && other.passwordSelector !== own.passwordSelector;
}
