import { defineOptions, integer } from '../config/option-section.js';

export interface FollowerOptions {
  readonly followersPerKey: number;
}

export const followerOptions = defineOptions<FollowerOptions>({
  title: 'Verification by other services',
  specs: {
    followersPerKey: integer({
      default: 64,
      min: 1,
      max: 10_000,
      description:
        'Maximum processes of other services that follow revocations by one API key with the scope `verify`, over all nodes.',
    }),
  },
});
