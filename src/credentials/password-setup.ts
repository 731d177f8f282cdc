import type { EntityManager } from 'typeorm';

/** Whose password it is to be. */
export interface PasswordOwnerToBe {
  readonly email: string;
  readonly name: string | null;
}

/** Sets passwords for others than the user: for admins, and for the set-up of the service. The password factor provides it. */
export abstract class PasswordSetup {
  /**
   * Checks a password and hashes it.
   *
   * @returns what sets it, for a user made in the same transaction
   * @throws AuthError `validation_failed` when it will not do; `unavailable` when too many are being hashed
   */
  abstract prepare(
    password: string,
    owner: PasswordOwnerToBe,
  ): Promise<(userId: string, within: EntityManager) => Promise<void>>;

  /** Mails a link to choose one to the user of this canonical address. */
  abstract mailLink(email: string, within?: EntityManager): Promise<void>;
}
