import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { usersOptions } from '../../users/users-options.js';
import type { RegistrationEntity } from './registration.entity.js';

/**
 * The passwords of registrations whose link was never followed, of free and of taken addresses alike. Whoever registers an address
 * and logs in with that password must be told the same by both: that the address is not verified.
 *
 * A login may not cost more where something is pending, or that would show. So each registration keeps a selector, 8 bits of a keyed
 * hash of its password: only a password that fits is worth a second argon2id, be the address free or taken.
 */
@Injectable()
export class PendingPasswords {
  private readonly key: Buffer;
  private readonly isNeeded: boolean;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    secretKey: SecretKey,
    options: Options,
  ) {
    this.key = secretKey.derive('password/pending-selector');
    // Where an unverified user may log in, logging in tells anyway.
    this.isNeeded = options.of(usersOptions).emailVerification === 'required';
  }

  /** 0 to 255. No more bits: whoever stole the table and the key could try passwords against them without an argon2id. */
  selectorOf(userId: string, password: string): number {
    return createHmac('sha256', this.key).update(`${userId}\0${password}`).digest()[0]!;
  }

  /** The hash of the latest registration of this user's address that this could be the password of. Not verified yet. */
  async hashFor(userId: string, password: string): Promise<string | null> {
    if (!this.isNeeded) return null;
    // By hand, as all that every login looks up.
    const [pending]: Pick<RegistrationEntity, 'passwordHash'>[] = await this.dataSource.query(
      `SELECT password_hash AS "passwordHash" FROM registrations
       WHERE user_id = $1 AND password_selector = $2 ORDER BY created_at DESC LIMIT 1`,
      [userId, this.selectorOf(userId, password)],
    );
    return pending?.passwordHash ?? null;
  }
}
