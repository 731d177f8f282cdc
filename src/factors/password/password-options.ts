import { availableParallelism } from 'node:os';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  flag,
  integer,
  list,
  seconds,
  text,
} from '../../config/option-section.js';
import { pageProblems } from '../../users/page-problems.js';

export interface PasswordOptions {
  readonly passwordMinLength: number;
  readonly passwordMaxLength: number;
  readonly passwordHasher: 'argon2' | 'node-rs';
  readonly passwordHashProcess: boolean;
  readonly passwordHashMemoryKib: number;
  readonly passwordHashTimeCost: number;
  /** 0: as many as there are cores, at most 4. */
  readonly passwordHashConcurrency: number;
  readonly passwordHashQueue: number;
  readonly passwordHashWaitSeconds: number;
  readonly passwordPeppers: readonly string[];
  readonly registrationDisclosesTaken: boolean;
  readonly passwordResetSeconds: number;
  readonly passwordResetUrl: string;
}

const PEPPER = /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9_-]{43,}$/;

/** OWASP Password Storage Cheat Sheet, argon2id. */
const LEAST = { passwordHashMemoryKib: 19_456, passwordHashTimeCost: 2 } as const;

export const passwordOptions = defineOptions<PasswordOptions>({
  title: 'Passwords',
  specs: {
    passwordMinLength: integer({ default: 8, min: 8, max: 64, description: 'Fewest code points of a new password.' }),
    passwordMaxLength: integer({
      default: 256,
      min: 64,
      max: 1024,
      description: 'Most code points of a new password.',
    }),
    passwordHasher: choice({
      of: ['argon2', 'node-rs'],
      default: 'argon2',
      description: 'The package that hashes; `node-rs` is `@node-rs/argon2`. Each verifies what the other hashed.',
    }),
    passwordHashProcess: flag({
      default: true,
      description: 'Hash in a process of its own, at low priority. `false`: in this one, delaying its files and DNS.',
    }),
    passwordHashMemoryKib: integer({
      default: LEAST.passwordHashMemoryKib,
      min: 8,
      max: 4_194_304,
      description: 'Memory of one argon2id, in KiB. Raising it renews each hash at the next login.',
    }),
    passwordHashTimeCost: integer({
      default: LEAST.passwordHashTimeCost,
      min: 1,
      max: 100,
      description: 'Passes of one argon2id over its memory.',
    }),
    passwordHashConcurrency: integer({
      default: 0,
      min: 0,
      max: 64,
      description: 'Hashes at once; memory is at most this times `PASSWORD_HASH_MEMORY_KIB`. 0: the cores, at most 4.',
    }),
    passwordHashQueue: integer({
      default: 10_000,
      min: 0,
      max: 100_000,
      description: 'Hashes that may wait for their turn: a bound of memory. The time is meant to bite first.',
    }),
    passwordHashWaitSeconds: seconds({
      default: 5,
      min: 1,
      max: 60,
      description: 'How long one waits before it is refused (503).',
    }),
    passwordPeppers: list({
      default: [],
      shape: 'id:key, comma-separated; keys of 32 bytes or more, base64url',
      each: (item) => PEPPER.test(item),
      description:
        'Keys kept away from the database, without which stolen hashes are worthless. The first makes new hashes.',
    }),
    registrationDisclosesTaken: flag({
      default: false,
      description: 'Answer 409 when an address is taken. Lets anybody find out who is registered.',
    }),
    passwordResetSeconds: seconds({
      default: 3600,
      min: 60,
      max: 86_400,
      description: 'How long a mailed reset link is good.',
    }),
    passwordResetUrl: text({
      default: '',
      shape: 'URL',
      description:
        'The page the mailed link leads to; `?token=` is appended. Empty: `<PUBLIC_URL>/auth/password/reset`.',
    }),
  },
  validate: (values): ConfigurationProblem[] => [
    ...(values.nodeEnv === 'test' ? [] : weaknessesOf(values)),
    ...ambiguitiesOf(values),
    ...pageProblems('passwordResetUrl', values.passwordResetUrl, values.nodeEnv),
  ],
});

/** How many hashes run at once. */
export function hashConcurrency({ passwordHashConcurrency: chosen }: PasswordOptions): number {
  return chosen || Math.min(4, availableParallelism());
}

function weaknessesOf(values: PasswordOptions): ConfigurationProblem[] {
  return (['passwordHashMemoryKib', 'passwordHashTimeCost'] as const)
    .filter((option) => values[option] < LEAST[option])
    .map((option) => ({
      option,
      problem: 'is too low: stolen hashes would be cheap to guess',
      remedy: `set at least ${LEAST[option]}; lower is for NODE_ENV=test`,
    }));
}

function ambiguitiesOf({ passwordPeppers }: PasswordOptions): ConfigurationProblem[] {
  const ids = passwordPeppers.map((pepper) => pepper.slice(0, pepper.indexOf(':')));
  if (new Set(ids).size === ids.length) return [];
  return [{ option: 'passwordPeppers', problem: 'has two peppers of one id', remedy: 'give each its own id' }];
}
