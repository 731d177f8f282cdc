import { choice, defineOptions, flag, list, seconds, text } from '../config/option-section.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { pageProblems } from './page-problems.js';

export interface UsersOptions {
  readonly emailVerification: 'required' | 'optional';
  readonly emailVerificationSeconds: number;
  readonly emailVerificationUrl: string;
  readonly selfRegistration: boolean;
  readonly registrationDomains: readonly string[];
  readonly refusedMailDomainsFile: string;
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
      isShown: true,
      default: '',
      shape: 'URL',
      description: 'Page that the mailed link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/email/verify`.',
    }),
    selfRegistration: flag({
      default: true,
      description: 'Whether people may register by themselves. `false`: only those whom an admin creates or invites.',
    }),
    registrationDomains: list({
      isShown: true,
      default: [],
      shape: 'domains, comma-separated',
      each: (domain) => canonicalEmail(`x@${domain}`) !== null,
      description:
        'Mail domains at which people may register, and to which they may change their address. Subdomains are separate. Empty: all.',
    }),
    refusedMailDomainsFile: text({
      isShown: true,
      default: '',
      shape: 'file',
      description:
        'File of mail domains at which people may not register, one per line; subdomains are included. For example a list of disposable addresses. Read at the start.',
    }),
  },
  validate: ({ emailVerificationUrl, nodeEnv }) => pageProblems('emailVerificationUrl', emailVerificationUrl, nodeEnv),
});
