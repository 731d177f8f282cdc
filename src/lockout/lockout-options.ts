import { defineOptions, integer, seconds } from '../config/option-section.js';

export interface LockoutOptions {
  readonly lockoutFailures: number;
  readonly lockoutSeconds: number;
  readonly factorAttempts: number;
  readonly factorAttemptsPerUser: number;
}

const DAY = 86_400;
const MOST = 1_000_000_000;

export const lockoutOptions = defineOptions<LockoutOptions>({
  title: 'Lockout',
  specs: {
    lockoutFailures: integer({
      default: 10,
      min: 1,
      max: MOST,
      description:
        'Consecutive failed logins after which a user is locked: logins from devices that the user never used before are refused.',
    }),
    lockoutSeconds: seconds({
      default: 3600,
      min: 60,
      max: DAY,
      description: 'Duration of this lock. The mailed link or a password reset ends it early.',
    }),
    factorAttempts: integer({
      default: 5,
      min: 1,
      max: MOST,
      description: 'Wrong second factors after which a login must start again from the password.',
    }),
    factorAttemptsPerUser: integer({
      default: 10,
      min: 1,
      max: MOST,
      description:
        'Maximum wrong second factors of one user in `LOGIN_WINDOW_SECONDS`, over all logins, step-ups and nodes.',
    }),
  },
});
