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
      description: 'Consecutive failures that lock logging in to a user from devices that user never used.',
    }),
    lockoutSeconds: seconds({
      default: 3600,
      min: 60,
      max: DAY,
      description: 'How long, unless the mailed link or a password reset unlocks it before.',
    }),
    knownDeviceSeconds: seconds({
      default: 180 * DAY,
      min: DAY,
      max: 400 * DAY,
      description: 'How long a browser counts as known after its last login.',
    }),
    newDeviceNotice: flag({
      default: true,
      description: 'Mail users when somebody logs in to them from a device they never used.',
    }),
  },
});
