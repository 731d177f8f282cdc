/**
 * A form of password hash that other systems make. It is only ever verified: at its owner's first login the password is
 * hashed anew.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: FOREIGN_HASHES, useValue: [...foreignHashes, ldapSsha] }] })
 */
export interface ForeignHash {
  /** As admins know it, e.g. `bcrypt`. */
  readonly name: string;

  /**
   * Takes the text of a hash apart; null when it is none of this form, or asks for more work than a login may take. The one who
   * imports hashes decides how much work each is.
   */
  parseHash(hash: string): ForeignHashCheck | null;
}

/** Whether a password is the one the hash was made of. Compares in constant time. */
export type ForeignHashCheck = (password: string) => Promise<boolean>;

/** DI token of all foreign forms, `readonly ForeignHash[]`; the first that can read a hash verifies it. */
export const FOREIGN_HASHES = Symbol('coatcheck.foreignHashes');
