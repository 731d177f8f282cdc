import { defineOptions, seconds, text } from '../config/option-section.js';
import { pageProblems } from '../users/page-problems.js';

export interface ProfileOptions {
  readonly emailChangeSeconds: number;
  readonly emailChangeUrl: string;
  readonly emailChangeUndoSeconds: number;
  readonly emailChangeUndoUrl: string;
  readonly userDeletionFreshSeconds: number;
}

const DAY = 86_400;

export const profileOptions = defineOptions<ProfileOptions>({
  title: 'Profile',
  specs: {
    emailChangeSeconds: seconds({
      default: 3600,
      min: 60,
      max: DAY,
      description: 'How long the link is good that confirms a new address.',
    }),
    emailChangeUrl: text({
      default: '',
      shape: 'URL',
      description: 'The page it leads to; `?token=` is appended. Empty: `<PUBLIC_URL>/auth/email/change/confirm`.',
    }),
    emailChangeUndoSeconds: seconds({
      default: 7 * DAY,
      min: DAY,
      max: 30 * DAY,
      description: 'How long the old mailbox can take a change of address back.',
    }),
    emailChangeUndoUrl: text({
      default: '',
      shape: 'URL',
      description: 'The page it does so by; `?token=` is appended. Empty: `<PUBLIC_URL>/auth/email/change/undo`.',
    }),
    userDeletionFreshSeconds: seconds({
      default: 300,
      min: 0,
      max: 3600,
      description: 'How fresh a step-up must be to delete the user without the password. 0: always the password.',
    }),
  },
  validate: ({ emailChangeUrl, emailChangeUndoUrl, nodeEnv }) => [
    ...pageProblems('emailChangeUrl', emailChangeUrl, nodeEnv),
    ...pageProblems('emailChangeUndoUrl', emailChangeUndoUrl, nodeEnv),
  ],
});
