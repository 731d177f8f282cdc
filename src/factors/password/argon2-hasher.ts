import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import argon2 from 'argon2';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { type PasswordCheck, PasswordHasher } from './password-hasher.js';
import { passwordOptions } from './password-options.js';

const PHC = /^\$argon2id\$v=\d+\$m=\d{1,8},t=\d{1,4},p=\d{1,3}\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/;

/** argon2id, RFC 9106, in the PHC format `$argon2id$v=19$m=…,t=…,p=1$<salt>$<hash>`. */
@Injectable()
export class Argon2Hasher extends PasswordHasher {
  private readonly cost: { type: 2; memoryCost: number; timeCost: number; parallelism: 1; version: 0x13 };

  constructor(options: Options) {
    super();
    const { passwordHashMemoryKib: memoryCost, passwordHashTimeCost: timeCost } = options.of(passwordOptions);
    this.cost = { type: argon2.argon2id, memoryCost, timeCost, parallelism: 1, version: 0x13 };
  }

  hash(password: string): Promise<string> {
    // Synchronous: the package's own asynchronous salt would wait behind other hashes in libuv's pool.
    return orUnavailable(argon2.hash(password, { ...this.cost, salt: randomBytes(16) }));
  }

  owns(hash: string): boolean {
    return PHC.test(hash);
  }

  async verify(hash: string, password: string): Promise<PasswordCheck> {
    if (!this.owns(hash)) {
      await this.hash(password);
      return { matches: false, needsRehash: false };
    }
    const matches = await orUnavailable(argon2.verify(hash, password));
    return { matches, needsRehash: argon2.needsRehash(hash, this.cost) };
  }
}

/** No memory for a hash is no verdict about a password. */
function orUnavailable<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause) => {
    throw new AuthError('unavailable', { reason: 'hashing_failed', cause });
  });
}
