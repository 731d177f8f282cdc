import type { EntityManager } from 'typeorm';

/** Issues recovery codes, for a factor whose loss must not lock its user out. The recovery-code factor provides it. */
export abstract class RecoveryCodes {
  /**
   * A fresh set in the place of any other, to be shown once: only hashes stay.
   *
   * @param within the transaction of the enrolment, which has locked the user
   */
  abstract issue(userId: string, within: EntityManager): Promise<string[]>;
}
