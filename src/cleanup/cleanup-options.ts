import { defineOptions, seconds } from '../config/option-section.js';

export interface CleanupOptions {
  readonly cleanupSeconds: number;
}

export const cleanupOptions = defineOptions<CleanupOptions>({
  title: 'Cleanup',
  specs: {
    cleanupSeconds: seconds({
      default: 3600,
      min: 0,
      max: 7 * 86_400,
      description: 'Interval between cleanups of expired rows. 0 disables cleanup.',
    }),
  },
});
