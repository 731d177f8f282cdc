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
      description: 'Lifetime of the "this was not me" link in notifications about a new or changed way to sign in.',
    }),
    notMeUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description: 'Page that this link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/security/not-me`.',
    }),
  },
  validate: ({ notMeUrl, nodeEnv }) => pageProblems('notMeUrl', notMeUrl, nodeEnv),
});
