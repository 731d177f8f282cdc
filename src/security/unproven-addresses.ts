import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuthError } from '../kernel/auth-error.js';
import { Admins } from '../users/admins.js';
import { UnprovenUsers } from '../users/unproven-users.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import { AccountSecurity } from './account-security.js';

/** On whose behalf an address is wanted. */
export interface AddressClaimant {
  readonly origin: RequestOrigin | null;
  readonly actorId?: string | null;
}

/** A stranger would have to register anew between the same two statements so many times in a row. */
const TRIES = 5;

/**
 * Addresses taken by a registration whose mailbox was never proven: they give way to a user with a claim,
 * i.e. an admin, an import, or the person who has proven the mailbox. The unproven user is deleted, with all it has.
 */
@Injectable()
export class UnprovenAddresses {
  constructor(
    private readonly users: UserStore,
    private readonly unproven: UnprovenUsers,
    private readonly admins: Admins,
    private readonly security: AccountSecurity,
  ) {}

  /**
   * Runs `take`, and once more after each unproven user that was in its way.
   *
   * @param take a whole transaction, which throws `conflict` with the reason `address_taken` when a user has the address
   * @throws AuthError `conflict` when the user of the address is not unproven
   */
  async claim<T>(email: string, by: AddressClaimant, take: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await take();
      } catch (error) {
        const isTaken = error instanceof AuthError && error.reason === 'address_taken';
        if (!isTaken || tries === TRIES || !(await this.free(email, by))) throw error;
      }
    }
  }

  /** Deletes the user of a canonical address if it is an unproven one. @returns whether it was */
  async free(email: string, { origin, actorId }: AddressClaimant): Promise<boolean> {
    const holder = await this.users.findByEmail(email);
    if (!holder || !(await this.unproven.includes(holder))) return false;
    const params = { userId: holder.id, reason: 'address_unproven', origin, actorId, ifGone: new Stands() };
    try {
      await this.security.apply('deleted', params, async (user, tx) => {
        // Proven or moved meanwhile.
        if (user.email !== email || !(await this.unproven.includes(user, tx))) throw new Stands();
        await this.admins.assertNotLastAdmin(user, tx);
        await this.users.delete(user.id, tx);
      });
    } catch (error) {
      if (error instanceof Stands) return false;
      throw error;
    }
    return true;
  }

  /** Whether a user blocks no address. */
  givesWay(user: UserRecord, within?: EntityManager): Promise<boolean> {
    return this.unproven.includes(user, within);
  }
}

class Stands extends AuthError {
  constructor() {
    super('conflict', { reason: 'address_proven_meanwhile' });
  }
}
