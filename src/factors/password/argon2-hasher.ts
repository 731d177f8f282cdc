import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { argon2CostOf, isAffordable } from './argon2-cost.js';
import {
  ARGON2_PACKAGES,
  type Argon2Package,
  type Argon2Parameters,
  loadArgon2,
  locateArgon2,
} from './argon2-package.js';
import { HashProcess } from './hash-process.js';
import { type PasswordCheck, PasswordHasher } from './password-hasher.js';
import { hashConcurrency, type PasswordOptions, passwordOptions } from './password-options.js';

/** No hash begins otherwise. */
const PREFIX = '$argon2id$';

/**
 * Nobody waits for the hash of the start, and on a machine that has much to do a process of low priority begins slowly: that is no
 * fault of the configuration. What hangs ends all the same.
 */
const FIRST_HASH_SECONDS = 120;

/** argon2id, RFC 9106, in the PHC format `$argon2id$v=19$m=…,t=…,p=1$<salt>$<hash>`, by the package that `passwordHasher` names. */
@Injectable()
export class Argon2Hasher extends PasswordHasher implements OnApplicationShutdown {
  private readonly parameters: Argon2Parameters;
  private readonly settings: PasswordOptions;
  private argon2: Argon2Package | null = null;
  private hasWorked = false;

  constructor(options: Options) {
    super();
    this.settings = options.of(passwordOptions);
    const { passwordHashMemoryKib: memoryCost, passwordHashTimeCost: timeCost } = this.settings;
    this.parameters = { type: 2, algorithm: 2, memoryCost, timeCost, parallelism: 1 };
  }

  /** Null until the first hash, and where none is used. */
  get process(): HashProcess | null {
    return this.argon2 instanceof HashProcess ? this.argon2 : null;
  }

  hash(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
    // Synchronous: the package's own asynchronous salt would wait behind other hashes in libuv's pool.
    return this.run((argon2) => argon2.hash(password, { ...this.parameters, salt }));
  }

  owns(hash: string): boolean {
    const cost = hash.startsWith(PREFIX) ? argon2CostOf(hash) : null;
    const { memoryCost: memoryKib, timeCost: passes, parallelism: lanes } = this.parameters;
    // Also of a hash that is stored: it may have been imported before there was a bound.
    return cost !== null && isAffordable(cost, { memoryKib, passes, lanes });
  }

  async verify(hash: string, password: string): Promise<PasswordCheck> {
    if (!this.owns(hash)) {
      await this.hash(password);
      return { matches: false, needsRehash: false };
    }
    const matches = await this.run((argon2) => argon2.verify(hash, password));
    const { memoryCost, timeCost } = this.parameters;
    return { matches, needsRehash: !hash.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$`) };
  }

  /** By then no request is under way. */
  onApplicationShutdown(): void {
    this.process?.end();
  }

  private async run<T>(work: (argon2: Argon2Package) => Promise<T>): Promise<T> {
    this.argon2 ??= this.open();
    try {
      const result = await work(this.argon2);
      this.hasWorked = true;
      return result;
    } catch (cause) {
      throw this.hasWorked ? unavailable(cause) : this.unusable(cause);
    }
  }

  private open(): Argon2Package {
    const { passwordHasher, passwordHashProcess } = this.settings;
    const path = locateArgon2(ARGON2_PACKAGES[passwordHasher]);
    if (passwordHashProcess) {
      return new HashProcess(path, hashConcurrency(this.settings), longestHash(this.settings), FIRST_HASH_SECONDS);
    }
    try {
      return loadArgon2(path);
    } catch (error) {
      throw this.unusable(error);
    }
  }

  /** The start hashes once: what has never worked will not, and is no overload. */
  private unusable(cause: unknown): ConfigurationError {
    const { passwordHasher, passwordHashProcess } = this.settings;
    const detail = cause instanceof AuthError ? cause.cause : cause;
    const here = 'reinstall the package on this machine';
    const remedy = passwordHashProcess
      ? `${here}, or set PASSWORD_HASH_PROCESS=false if no child process may be started`
      : here;
    return new ConfigurationError([
      { option: 'passwordHasher', problem: `${passwordHasher} does not work: ${detail}`, remedy },
    ]);
  }
}

/** Shorter than others wait: one hash that hangs must not cost those behind it their turn. */
function longestHash({ passwordHashWaitSeconds: patience }: PasswordOptions): number {
  return Math.max(patience / 2, patience - 1);
}

/** No memory for a hash is no verdict about a password. */
function unavailable(cause: unknown): AuthError {
  if (cause instanceof AuthError) return cause;
  return new AuthError('unavailable', { reason: 'hashing_failed', cause });
}
