import { defineOptions, seconds, text } from '../config/option-section.js';
import { pageProblems } from '../users/page-problems.js';

export interface VerificationOptions {
  readonly emailVerificationSeconds: number;
  readonly emailVerificationUrl: string;
}

const DAY = 86_400;

/** The mailed links. Whether a login requires a verified address is `EMAIL_VERIFICATION`, of `users`. */
export const verificationOptions = defineOptions<VerificationOptions>({
  title: 'E-mail verification',
  specs: {
    emailVerificationSeconds: seconds({
      default: DAY,
      min: 60,
      max: 30 * DAY,
      description: 'Lifetime of a mailed verification link and of a pending registration.',
    }),
    emailVerificationUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description: 'Page that the mailed link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/email/verify`.',
    }),
  },
  validate: ({ emailVerificationUrl, nodeEnv }) => pageProblems('emailVerificationUrl', emailVerificationUrl, nodeEnv),
});
