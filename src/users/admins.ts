import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { isBanned, type UserRecord } from './user.store.js';
import { UserDirectory } from './user-directory.js';
import { usersOptions } from './users-options.js';

/** Keeps the last admin of an application an admin. */
@Injectable()
export class Admins {
  private readonly mustBeVerified: boolean;

  constructor(
    private readonly directory: UserDirectory,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.mustBeVerified = options.of(usersOptions).emailVerification === 'required';
  }

  /** Whether any admin is not banned. */
  exist(within?: EntityManager): Promise<boolean> {
    return this.directory.hasAdmin(null, this.clock.now(), within);
  }

  /** {@link UserDirectory.lockAdmins} */
  lock(within: EntityManager): Promise<void> {
    return this.directory.lockAdmins(within);
  }

  /**
   * To be asked in the transaction that has locked the user, before the user stops being one, or cannot log in any more. Of two that would leave none, the second
   * waits for the first, and finds it made.
   *
   * @throws AuthError `conflict` when no other admin can log in
   */
  async assertNotLastAdmin(user: UserRecord, within: EntityManager): Promise<void> {
    const now = this.clock.now();
    if (user.kind !== 'person' || !user.roles.includes(ADMIN_ROLE) || isBanned(user, now)) return;
    if (this.mustBeVerified && user.emailVerifiedAt === null) return;
    await this.lock(within);
    if (await this.directory.hasAdmin(user.id, now, within, this.mustBeVerified)) return;
    throw new AuthError('conflict', { reason: 'last_admin' });
  }
}
