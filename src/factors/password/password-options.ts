import { availableParallelism } from 'node:os';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  flag,
  integer,
  list,
  optionalText,
  seconds,
  text,
} from '../../config/option-section.js';
import { pageProblems } from '../../users/page-problems.js';
import { type BreachedOptions, breachedProblems, breachedSpecs } from './breached/breached-options.js';

export interface PasswordOptions extends BreachedOptions {
  readonly passwordMinLength: number;
  readonly passwordMaxLength: number;
  readonly passwordHasher: 'auto' | 'argon2' | 'node-rs';
  readonly passwordHashProcess: boolean;
  readonly passwordHashMemoryKib: number;
  readonly passwordHashTimeCost: number;
  /** 0: as many as there are cores, at most 4. */
  readonly passwordHashConcurrency: number;
  readonly passwordHashQueue: number;
  readonly passwordHashWaitSeconds: number;
  readonly passwordPeppers: readonly string[];
  readonly importedBcryptPepper: string | undefined;
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
    passwordMinLength: integer({
      default: 8,
      min: 8,
      max: 64,
      description: 'Minimum length of a new password, in code points.',
    }),
    passwordMaxLength: integer({
      default: 256,
      min: 64,
      max: 1024,
      description: 'Maximum length of a new password, in code points.',
    }),
    passwordHasher: choice({
      of: ['auto', 'argon2', 'node-rs'],
      default: 'auto',
      description:
        'Package that hashes passwords; `node-rs` is `@node-rs/argon2`, which is faster. `auto`: `node-rs` if it is installed and works here, otherwise `argon2`, in the form that the container image compiles for newer processors if this is one. Each package verifies the hashes of the other.',
    }),
    passwordHashProcess: flag({
      default: true,
      description:
        'Hash in a separate process at low priority. `false`: in the main process, where hashing delays file access and DNS.',
    }),
    passwordHashMemoryKib: integer({
      default: LEAST.passwordHashMemoryKib,
      min: 8,
      max: 4_194_304,
      description: 'Memory of one argon2id hash, in KiB. If it is raised, each hash is renewed at the next login.',
    }),
    passwordHashTimeCost: integer({
      default: LEAST.passwordHashTimeCost,
      min: 1,
      max: 100,
      description: 'Number of passes of argon2id over its memory.',
    }),
    passwordHashConcurrency: integer({
      default: 0,
      min: 0,
      max: 64,
      description:
        'Hashes computed at the same time; they use at most this number times `PASSWORD_HASH_MEMORY_KIB`. 0: one per core, at most 4.',
    }),
    passwordHashQueue: integer({
      default: 10_000,
      min: 0,
      max: 100_000,
      description:
        'Maximum hashes that wait in the queue, to bound memory. `PASSWORD_HASH_WAIT_SECONDS` normally takes effect first.',
    }),
    passwordHashWaitSeconds: seconds({
      default: 5,
      min: 1,
      max: 60,
      description: 'How long a hash may wait in the queue before the request is refused with 503.',
    }),
    passwordPeppers: list({
      default: [],
      shape: 'id:key, comma-separated; keys of 32 bytes or more, base64url',
      each: (item) => PEPPER.test(item),
      description:
        'Keys that are mixed into password hashes and kept outside the database: without them stolen hashes are useless. The first one is used for new hashes.',
    }),
    importedBcryptPepper: optionalText({
      shape: 'text',
      description:
        'Secret text that another system appended to each password before bcrypt (`config.pepper` of Devise). Its hashes are imported as `{pepper}$2a$…`.',
    }),
    ...breachedSpecs,
    registrationDisclosesTaken: flag({
      default: false,
      description:
        'Answer a registration with 409 if the address is taken. This lets anyone find out who is registered.',
    }),
    passwordResetSeconds: seconds({
      default: 3600,
      min: 60,
      max: 86_400,
      description: 'Lifetime of a mailed password reset link.',
    }),
    passwordResetUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description:
        'Page that the mailed link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/password/reset`.',
    }),
  },
  validate: (values): ConfigurationProblem[] => [
    ...(values.nodeEnv === 'test' ? [] : weaknessesOf(values)),
    ...ambiguitiesOf(values),
    ...breachedProblems(values),
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
      problem: 'is too low: stolen hashes would be cheap to crack',
      remedy: `set it to at least ${LEAST[option]}; lower values are allowed with NODE_ENV=test only`,
    }));
}

function ambiguitiesOf({ passwordPeppers }: PasswordOptions): ConfigurationProblem[] {
  const ids = passwordPeppers.map((pepper) => pepper.slice(0, pepper.indexOf(':')));
  if (new Set(ids).size === ids.length) return [];
  return [
    {
      option: 'passwordPeppers',
      problem: 'contains two peppers with the same id',
      remedy: 'give each pepper its own id',
    },
  ];
}
