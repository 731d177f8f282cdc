import type { EntityManager } from 'typeorm';
import type { CredentialTable } from '../../credentials/account-lookup.js';

/** In the place of the hash of a password that was taken away: of no known form, so that nothing matches it. */
export const NO_HASH = '!';

/** A password as stored: one to a user, or none. */
export interface StoredPassword {
  readonly userId: string;
  /** In whatever form the `PasswordHasher` makes. */
  readonly passwordHash: string;
  readonly changedAt: Date;
}

/** Where password hashes are kept. Default: the table `passwords`. `within` is the transaction to take part in. */
export abstract class PasswordStore {
  /** Where its rows are, if each is a password exactly as {@link find} gives it; null: only `find` knows. */
  get table(): CredentialTable<StoredPassword> | null {
    return null;
  }

  /** Null when the user has no password, or there is no such user. */
  abstract find(userId: string, within?: EntityManager): Promise<StoredPassword | null>;

  /** A new password, in place of the old one if there is one. */
  abstract set(password: StoredPassword, within?: EntityManager): Promise<void>;

  /** A password for a user who has none. Atomic: false, and nothing written, when there is one. */
  abstract setFirst(password: StoredPassword, within?: EntityManager): Promise<boolean>;

  /** No password is right any more. */
  abstract delete(userId: string, within?: EntityManager): Promise<void>;

  /**
   * The same password hashed anew. Atomic: false, and nothing written, unless `oldHash` is still the stored one. A password
   * changed meanwhile must not come back.
   */
  abstract replaceHash(userId: string, oldHash: string, newHash: string): Promise<boolean>;
}
