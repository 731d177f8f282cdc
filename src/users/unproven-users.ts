import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { UnprovenUserEntity } from './unproven-user.entity.js';
import type { UserRecord } from './user.store.js';

/**
 * Users for whom only they themselves vouch: made by a registration while `EMAIL_VERIFICATION=optional`, mailbox never proven. All
 * they have, the password included, may have been set up by a stranger. Who was imported, invited or moved is none of them.
 */
@Injectable()
export class UnprovenUsers {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Records a user just created, in the transaction that creates it. */
  async add(userId: string, within: EntityManager): Promise<void> {
    await within.insert(UnprovenUserEntity, { userId, createdAt: this.clock.now() });
  }

  /** Whether this user is unproven. A user who ever had a verified address is not, however that came about. */
  async includes(user: Pick<UserRecord, 'id' | 'firstVerifiedAt'>, within?: EntityManager): Promise<boolean> {
    if (user.firstVerifiedAt !== null) return false;
    const manager = within ?? this.dataSource.manager;
    return manager.existsBy(UnprovenUserEntity, { userId: user.id });
  }

  /** Removes the record of a user who has proven the mailbox, or is deleted. */
  async remove(userId: string, within: EntityManager): Promise<void> {
    await within.delete(UnprovenUserEntity, { userId });
  }
}
