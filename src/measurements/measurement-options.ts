import { defineOptions, flag } from '../config/option-section.js';

export interface MeasurementOptions {
  readonly measurements: boolean;
}

export const measurementOptions = defineOptions<MeasurementOptions>({
  title: 'Measurements',
  specs: {
    measurements: flag({
      default: true,
      description:
        'Whether each node writes what it measured into the table `measurements`, by one statement a minute. The plots of the admin overview are drawn from it.',
    }),
  },
});
