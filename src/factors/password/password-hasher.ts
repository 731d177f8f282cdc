/** Result of comparing a password with a hash. */
export interface PasswordCheck {
  readonly matches: boolean;
  /** Whether the hash was made otherwise than a new one would be. */
  readonly needsRehash: boolean;
}

/**
 * Hashes passwords. Default: argon2id. Callers have already queued for memory and processor; a password is well-formed text
 * of at most 1024 code points.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: PasswordHasher, useClass: HsmHasher }] })
 */
export abstract class PasswordHasher {
  /**
   * Salted: equal passwords get different hashes. The text says by itself how to verify it.
   *
   * @param salt 16 bytes to take in place of random ones: equal passwords then get equal hashes. By it two registrations of one address
   *   with one password are known for one; a hasher that takes no salt may ignore it, and who registers twice chooses the password anew
   */
  abstract hash(password: string, salt?: Buffer): Promise<string>;

  /**
   * Whether it is a hash of the form that {@link hash} makes, and asks for no more work than a login may take: the one who imports hashes
   * chooses their cost. Looks at the text only.
   */
  abstract owns(hash: string): boolean;

  /**
   * Whether a hash that {@link owns} knows may be imported. By default each may; a hasher whose hashes say what they cost refuses here
   * what is dearer than an import may bring.
   */
  mayImport(hash: string): boolean {
    return this.owns(hash);
  }

  /** A hash of unknown form matches nothing, at the cost of one that does. */
  abstract verify(hash: string, password: string): Promise<PasswordCheck>;
}
