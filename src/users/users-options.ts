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
      description: 'Whether a login needs a verified address.',
    }),
    emailVerificationSeconds: seconds({
      default: DAY,
      min: 60,
      max: 30 * DAY,
      description: 'How long a mailed verification link is good, and a registration is kept.',
    }),
    emailVerificationUrl: text({
      default: '',
      shape: 'URL',
      description: 'The page the mailed link leads to; `?token=` is appended. Empty: `<PUBLIC_URL>/auth/email/verify`.',
    }),
  },
  validate: ({ emailVerificationUrl, nodeEnv }) => pageProblems('emailVerificationUrl', emailVerificationUrl, nodeEnv),
});
