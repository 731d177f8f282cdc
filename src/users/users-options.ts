import { type ConfigurationProblem, choice, defineOptions, seconds, text } from '../config/option-section.js';

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
      description: 'How long a mailed verification link is good.',
    }),
    emailVerificationUrl: text({
      default: '',
      shape: 'URL',
      description: 'The page the mailed link leads to; `?token=` is appended. Empty: `<PUBLIC_URL>/auth/email/verify`.',
    }),
  },
  check: ({ emailVerificationUrl, nodeEnv }): ConfigurationProblem[] => {
    const allowed = nodeEnv === 'production' ? /^https:$/ : /^https?:$/;
    if (emailVerificationUrl === '' || isWebAddress(emailVerificationUrl, allowed)) return [];
    const remedy = 'give an https URL, e.g. https://app.example.com/verify';
    return [{ option: 'emailVerificationUrl', problem: 'is no web address, or a plain one in production', remedy }];
  },
});

function isWebAddress(text: string, protocol: RegExp): boolean {
  return URL.canParse(text) && protocol.test(new URL(text).protocol);
}
