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
  title: 'Guesses',
  specs: {
    lockoutFailures: integer({
      default: 10,
      min: 1,
      max: MOST,
      description: 'Consecutive failures that lock logging in to a user from devices that user never used.',
    }),
    lockoutSeconds: seconds({
      default: 3600,
      min: 60,
      max: DAY,
      description: 'How long, unless the mailed link or a password reset unlocks it before.',
    }),
    factorAttempts: integer({
      default: 5,
      min: 1,
      max: MOST,
      description: 'Wrong second factors after which a login must begin anew.',
    }),
    factorAttemptsPerUser: integer({
      default: 10,
      min: 1,
      max: MOST,
      description: 'Wrong second factors of one user in `LOGIN_WINDOW_SECONDS`, over all logins, step-ups and nodes.',
    }),
  },
});
