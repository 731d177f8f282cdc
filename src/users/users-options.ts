import { choice, defineOptions, seconds, text } from '../config/option-section.js';
import { pageProblems } from './page-problems.js';

export interface UsersOptions {
  readonly emailVerification: 'required' | 'optional';
  readonly emailVerificationSeconds: number;
  readonly emailVerificationUrl: string;
}

const DAY = 86_400;

export const usersOptions = defineOptions<UsersOptions>({
  title: 'Users',
  specs: {
    emailVerification: choice({
      of: ['required', 'optional'],
      default: 'required',
      description: 'Whether a login requires a verified e-mail address.',
    }),
    emailVerificationSeconds: seconds({
      default: DAY,
      min: 60,
      max: 30 * DAY,
      description: 'Lifetime of a mailed verification link and of a pending registration.',
    }),
    emailVerificationUrl: text({
      default: '',
      shape: 'URL',
      description: 'Page that the mailed link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/email/verify`.',
    }),
  },
  validate: ({ emailVerificationUrl, nodeEnv }) => pageProblems('emailVerificationUrl', emailVerificationUrl, nodeEnv),
});
