import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { type Argon2Cost, argon2CostOf, isAffordable, isImportable } from './argon2-cost.js';
import {
  type Argon2Candidate,
  type Argon2Package,
  type Argon2Parameters,
  argon2Candidates,
  environmentOf,
  loadArgon2,
  locateArgon2,
  packageOf,
} from './argon2-package.js';
import { HashProcess } from './hash-process.js';
import { type PasswordCheck, PasswordHasher } from './password-hasher.js';
import { hashConcurrency, type PasswordOptions, passwordOptions } from './password-options.js';

/** No hash begins otherwise. */
const PREFIX = '$argon2id$';

/**
 * No request waits for the hash of the start, and on a machine that has much to do a process of low priority begins slowly: that is no
 * fault of the configuration. What hangs ends all the same.
 */
const FIRST_HASH_SECONDS = 120;

/**
 * argon2id, RFC 9106, in the PHC format `$argon2id$v=19$m=…,t=…,p=1$<salt>$<hash>`, by the package that `passwordHasher` names. With `auto`
 * the first hash, that of the start, finds out which package works on this machine.
 */
@Injectable()
export class Argon2Hasher extends PasswordHasher implements OnApplicationShutdown {
  private readonly parameters: Argon2Parameters;
  private readonly settings: PasswordOptions;
  private readonly logger = new Logger('password');
  /** The first one hashes; it is left for the next only if it has never worked. */
  private readonly candidates: Argon2Candidate[];
  private argon2: Argon2Package | null = null;
  private hasWorked = false;

  constructor(options: Options) {
    super();
    this.settings = options.of(passwordOptions);
    const { passwordHashMemoryKib: memoryCost, passwordHashTimeCost: timeCost } = this.settings;
    const mayTryCompiled = this.settings.passwordHashProcess ? undefined : () => false;
    this.candidates = argon2Candidates(this.settings.passwordHasher, undefined, mayTryCompiled);
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
    const cost = costOf(hash);
    // Also of a hash that is stored: it may have been imported before there was a bound.
    return cost !== null && isAffordable(cost, this.cost);
  }

  override mayImport(hash: string): boolean {
    const cost = costOf(hash);
    return cost !== null && isImportable(cost, this.cost);
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

  /** Of a new hash. */
  private get cost(): Argon2Cost {
    const { memoryCost: memoryKib, timeCost: passes, parallelism: lanes } = this.parameters;
    return { memoryKib, passes, lanes };
  }

  private async run<T>(work: (argon2: Argon2Package) => Promise<T>): Promise<T> {
    const tried = this.candidates[0]!;
    try {
      this.argon2 ??= this.open(tried);
      const result = await work(this.argon2);
      if (!this.hasWorked) this.noteFirst(tried);
      this.hasWorked = true;
      return result;
    } catch (cause) {
      if (this.hasWorked) throw unavailable(cause);
      if (this.candidates[0] === tried) this.giveUp(tried, cause);
      return this.run(work);
    }
  }

  private open(name: Argon2Candidate): Argon2Package {
    const path = locateArgon2(packageOf(name));
    if (!this.settings.passwordHashProcess) return loadArgon2(path);
    const longest = longestHash(this.settings);
    return new HashProcess(path, hashConcurrency(this.settings), longest, FIRST_HASH_SECONDS, environmentOf(name));
  }

  private noteFirst(name: Argon2Candidate): void {
    if (this.settings.passwordHasher !== 'auto') return;
    const binary = name === 'argon2-compiled' ? ', compiled for newer processors' : '';
    this.logger.log(`PASSWORD_HASHER=auto: passwords are hashed by ${packageOf(name)}${binary}`);
  }

  /**
   * The start hashes once: what has never worked will not, and is no overload.
   *
   * @throws ConfigurationError when there is no other package to try
   */
  private giveUp(name: Argon2Candidate, cause: unknown): void {
    if (cause instanceof ConfigurationError) throw cause;
    const { passwordHashProcess } = this.settings;
    const detail = cause instanceof AuthError ? cause.cause : cause;
    const problem = `${name} does not work: ${detail}`;
    if (this.candidates.length === 1) {
      const here = 'reinstall the package on this machine';
      const remedy = passwordHashProcess
        ? `${here}, or set PASSWORD_HASH_PROCESS=false if no child process may be started`
        : here;
      throw new ConfigurationError([{ option: 'passwordHasher', problem, remedy }]);
    }
    this.logger.warn(`${problem}; PASSWORD_HASHER=auto tries the next package`);
    this.process?.end();
    this.argon2 = null;
    this.candidates.shift();
  }
}

function costOf(hash: string): Argon2Cost | null {
  return hash.startsWith(PREFIX) ? argon2CostOf(hash) : null;
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
