import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../config/configuration-error.js';

/** The common interface of both packages. Each verifies hashes of the other: the PHC text holds all parameters. */
export interface Argon2Package {
  hash(password: string, parameters: Argon2Parameters): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** In the words of both: `argon2` calls the variant `type`, `@node-rs/argon2` calls it `algorithm`; 2 is argon2id to either. */
export interface Argon2Parameters {
  readonly type: 2;
  readonly algorithm: 2;
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: 1;
  readonly salt?: Uint8Array;
}

/** The packages that can hash, by the values of `PASSWORD_HASHER`. */
export const ARGON2_PACKAGES = { argon2: 'argon2', 'node-rs': '@node-rs/argon2' } as const;

/** A package that can hash, as `PASSWORD_HASHER` names it. */
export type Argon2PackageName = keyof typeof ARGON2_PACKAGES;

/**
 * A package, or the binary of `argon2` that was compiled for newer processors and put beside it, in its folder `compiled`: an image runs on
 * more machines than one. Only the hash process may try that: what it does where it does not run, it does to a whole process.
 */
export type Argon2Candidate = Argon2PackageName | 'argon2-compiled';

/** Which package a candidate is of. */
export function packageOf(candidate: Argon2Candidate): string {
  return candidate === 'argon2-compiled' ? ARGON2_PACKAGES.argon2 : ARGON2_PACKAGES[candidate];
}

/** The environment of the process that loads a candidate's binary. */
export function environmentOf(candidate: Argon2Candidate): NodeJS.ProcessEnv {
  return candidate === 'argon2-compiled' ? { ARGON2_PREBUILD: compiledFolder() } : {};
}

/**
 * Which packages `PASSWORD_HASHER` allows, in the order in which they are tried. `auto`: the faster one if the operator has installed it,
 * else the one that comes along, in its compiled form first where there is one and a process to try it in.
 */
export function argon2Candidates(
  passwordHasher: 'auto' | Argon2PackageName,
  isThere: (packageName: string) => boolean = isInstalled,
  mayTryCompiled: () => boolean = isCompiled,
): Argon2Candidate[] {
  if (passwordHasher !== 'auto') return [passwordHasher];
  const faster: Argon2Candidate[] = isThere(ARGON2_PACKAGES['node-rs']) ? ['node-rs'] : [];
  const compiled: Argon2Candidate[] = mayTryCompiled() ? ['argon2-compiled'] : [];
  return [...faster, ...compiled, 'argon2'];
}

/**
 * Where a package is, as an absolute path.
 *
 * @throws ConfigurationError when it is not installed
 */
export function locateArgon2(packageName: string): string {
  try {
    return createRequire(thisFile()).resolve(packageName);
  } catch {
    throw new ConfigurationError([
      {
        option: 'passwordHasher',
        problem: `requires the package ${packageName}`,
        remedy: `npm install ${packageName}`,
      },
    ]);
  }
}

function isCompiled(): boolean {
  return isInstalled(ARGON2_PACKAGES.argon2) && existsSync(compiledFolder());
}

/** Where the loader finds `build/Release/argon2.node`. */
function compiledFolder(): string {
  return join(dirname(locateArgon2(ARGON2_PACKAGES.argon2)), 'compiled');
}

function isInstalled(packageName: string): boolean {
  try {
    return locateArgon2(packageName) !== '';
  } catch {
    return false;
  }
}

/** @throws whatever a native package throws that does not fit this machine */
export function loadArgon2(packagePath: string): Argon2Package {
  return createRequire(thisFile())(packagePath);
}

/**
 * The file that this code runs from, source, compiled or bundled: a path or a `file:` URL. Packages are looked for from here,
 * as the host's folder need not see them. It stands in for `import.meta.url`, which CommonJS (so Jest) does not have.
 */
function thisFile(): string {
  const usual = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_error, [caller]) => caller?.getFileName();
    return String(new Error().stack);
  } finally {
    Error.prepareStackTrace = usual;
  }
}
