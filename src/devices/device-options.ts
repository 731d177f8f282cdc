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
      description: 'How long a browser counts as known after its last login.',
    }),
    newDeviceNotice: flag({
      default: true,
      description: 'Mail users when somebody logs in to them from a device they never used.',
    }),
  },
});
