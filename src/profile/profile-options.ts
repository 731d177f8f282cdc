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
      description: 'Lifetime of the link that confirms a new e-mail address.',
    }),
    emailChangeUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description:
        'Page that this link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/email/change/confirm`.',
    }),
    emailChangeUndoSeconds: seconds({
      default: 7 * DAY,
      min: DAY,
      max: 30 * DAY,
      description: 'How long the owner of the old mailbox can undo a change of e-mail address.',
    }),
    emailChangeUndoUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description:
        'Page that the undo link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/email/change/undo`.',
    }),
    userDeletionFreshSeconds: seconds({
      default: 300,
      min: 0,
      max: 3600,
      description:
        'Maximum age of a step-up that allows users to delete their account without the password. 0: the password is always required.',
    }),
  },
  validate: ({ emailChangeUrl, emailChangeUndoUrl, nodeEnv }) => [
    ...pageProblems('emailChangeUrl', emailChangeUrl, nodeEnv),
    ...pageProblems('emailChangeUndoUrl', emailChangeUndoUrl, nodeEnv),
  ],
});
