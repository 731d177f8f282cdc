import { defineOptions, flag, integer, seconds } from '../config/option-section.js';

export interface LoginOptions {
  readonly lockoutFailures: number;
  readonly lockoutSeconds: number;
  readonly knownDeviceSeconds: number;
  readonly newDeviceNotice: boolean;
}

const DAY = 86_400;

export const loginOptions = defineOptions<LoginOptions>({
  title: 'Login',
  specs: {
    lockoutFailures: integer({
      default: 10,
      min: 1,
      max: 1_000_000_000,
      description:
        'Consecutive failed logins after which a user cannot log in from devices that the user never used before.',
    }),
    lockoutSeconds: seconds({
      default: 3600,
      min: 60,
      max: DAY,
      description: 'Duration of this lock. The mailed link or a password reset ends it early.',
    }),
    knownDeviceSeconds: seconds({
      default: 180 * DAY,
      min: DAY,
      max: 400 * DAY,
      description: 'How long after its last login a browser counts as known to a user.',
    }),
    newDeviceNotice: flag({
      default: true,
      description: 'Notify users by e-mail when their account is used to log in from a new device.',
    }),
  },
});
