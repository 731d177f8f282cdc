import { defineOptions, seconds, text } from '../config/option-section.js';
import { pageProblems } from '../users/page-problems.js';

export interface SecurityOptions {
  readonly notMeSeconds: number;
  readonly notMeUrl: string;
}

const DAY = 86_400;

export const securityOptions = defineOptions<SecurityOptions>({
  title: 'Account security',
  specs: {
    notMeSeconds: seconds({
      default: 7 * DAY,
      min: DAY,
      max: 30 * DAY,
      description: 'How long the link in the notice of a way in is good that says "this was not me".',
    }),
    notMeUrl: text({
      default: '',
      shape: 'URL',
      description: 'The page it leads to; `?token=` is appended. Empty: `<PUBLIC_URL>/auth/security/not-me`.',
    }),
  },
  validate: ({ notMeUrl, nodeEnv }) => pageProblems('notMeUrl', notMeUrl, nodeEnv),
});
