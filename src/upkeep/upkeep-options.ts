import { defineOptions, seconds } from '../config/option-section.js';

export interface UpkeepOptions {
  readonly upkeepSeconds: number;
}

export const upkeepOptions = defineOptions<UpkeepOptions>({
  title: 'Upkeep',
  specs: {
    upkeepSeconds: seconds({
      default: 3600,
      min: 0,
      max: 7 * 86_400,
      description: 'How often what has run out is deleted, at most. 0 is never.',
    }),
  },
});
