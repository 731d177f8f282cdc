import { Inject, Injectable } from '@nestjs/common';
import { AuthError } from '../../kernel/auth-error.js';
import { FOREIGN_HASHES, type ForeignHash } from './foreign/foreign-hash.js';
import { type PasswordCheck, PasswordHasher } from './password-hasher.js';
import { normalizedPassword } from './password-text.js';
import { Peppers } from './peppers.js';

const NOTHING: PasswordCheck = { matches: false, needsRehash: false };

/**
 * Password hashes as they are stored: made by the `PasswordHasher` over a pepper, or imported from another system and verified
 * its way until their owner logs in. Callers have queued at the `HashGate`.
 */
@Injectable()
export class PasswordHashes {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly peppers: Peppers,
    @Inject(FOREIGN_HASHES) private readonly foreign: readonly ForeignHash[],
  ) {}

  /** Of the normalized password, salted, and peppered when there is a pepper. @param salt as of {@link PasswordHasher.hash} */
  async hash(password: string, salt?: Buffer): Promise<string> {
    const { secret, prefix } = this.peppers.apply(normalizedPassword(password));
    return prefix + (await this.hasher.hash(secret, salt));
  }

  /**
   * A hash of unknown form matches nothing, at the cost of one that can be read.
   *
   * @throws AuthError `unavailable` when there is no memory for it
   */
  async verify(stored: string, text: string): Promise<PasswordCheck> {
    const password = normalizedPassword(text);
    const check = await this.verifyExactly(stored, password);
    if (check.matches || password === text) return check;
    // Hashes from before passwords were normalized, and other systems', may be of the text as it was typed.
    const { matches } = await this.verifyExactly(stored, text);
    return { matches, needsRehash: matches };
  }

  private async verifyExactly(stored: string, password: string): Promise<PasswordCheck> {
    const { hash, secret, isOutdated } = this.peppers.remove(stored, password);
    if (secret === null) {
      await this.hasher.verify(hash, password);
      return NOTHING;
    }
    const check = this.hasher.owns(hash) ? null : this.checkFor(hash);
    if (check) return { matches: await orUnavailable(check(secret)), needsRehash: true };
    const { matches, needsRehash } = await this.hasher.verify(hash, secret);
    return { matches, needsRehash: needsRehash || (matches && isOutdated) };
  }

  /** Whether such a hash may be imported, and logged in by. */
  canVerify(stored: string): boolean {
    return this.hasher.mayImport(stored) || this.checkFor(stored) !== null;
  }

  private checkFor(hash: string) {
    for (const form of this.foreign) {
      const check = form.parseHash(hash);
      if (check) return check;
    }
    return null;
  }
}

function orUnavailable<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause) => {
    throw new AuthError('unavailable', { reason: 'hashing_failed', cause });
  });
}
