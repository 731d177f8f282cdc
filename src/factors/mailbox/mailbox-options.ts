import { type ConfigurationProblem, choice, defineOptions, flag, seconds, text } from '../../config/option-section.js';
import type { Options } from '../../config/options.js';
import { pageProblems } from '../../users/page-problems.js';

export interface MailboxOptions {
  readonly mailLogin: 'off' | 'link' | 'code' | 'both';
  readonly mailLoginSeconds: number;
  readonly mailLoginUrl: string;
  readonly mailLoginRegisters: boolean;
}

export const mailboxOptions = defineOptions<MailboxOptions>({
  title: 'Signing in by e-mail',
  specs: {
    mailLogin: choice({
      of: ['off', 'link', 'code', 'both'],
      default: 'off',
      description:
        'Whether users can sign in without a password, by what is mailed to them: a link, a code of eight digits, or both in one e-mail. A second factor is still required after it.',
    }),
    mailLoginSeconds: seconds({
      default: 600,
      min: 60,
      max: 600,
      description: 'Lifetime of a mailed sign-in link or code.',
    }),
    mailLoginUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description:
        'Page that the mailed sign-in link opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/login/mailbox`, which needs `PAGES`.',
    }),
    mailLoginRegisters: flag({
      default: false,
      description:
        'Whether signing in by e-mail creates the account of an unknown address, where people may register by themselves. The account has no password.',
    }),
  },
  validate: (values): ConfigurationProblem[] => [
    ...pageProblems('mailLoginUrl', values.mailLoginUrl, values.nodeEnv),
    ...(values.mailLoginUrl === '' && values.pages === 'off' && isByLink(values) ? [NOWHERE] : []),
  ],
});

const NOWHERE: ConfigurationProblem = {
  option: 'mailLogin',
  problem: 'mails links to a page that is not served',
  remedy: 'set MAIL_LOGIN_URL to a page of your own, switch PAGES on, or set MAIL_LOGIN=code',
};

function isByLink({ mailLogin }: Pick<MailboxOptions, 'mailLogin'>): boolean {
  return mailLogin === 'link' || mailLogin === 'both';
}

/** Whether anyone can sign in by e-mail. */
export function isMailLoginOn(options: Options): boolean {
  return options.of(mailboxOptions).mailLogin !== 'off';
}

/** Whether the mails have a link. */
export function isMailLinkOn(options: Options): boolean {
  return isByLink(options.of(mailboxOptions));
}

/** Whether the mails have a code. */
export function isMailCodeOn(options: Options): boolean {
  const { mailLogin } = options.of(mailboxOptions);
  return mailLogin === 'code' || mailLogin === 'both';
}
