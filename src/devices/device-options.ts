import { defineOptions, flag, seconds } from '../config/option-section.js';

export interface DeviceOptions {
  readonly knownDeviceSeconds: number;
  readonly newDeviceNotice: boolean;
}

const DAY = 86_400;

export const deviceOptions = defineOptions<DeviceOptions>({
  title: 'Known devices',
  specs: {
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
