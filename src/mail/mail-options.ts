import { MEANT_FOR_PEOPLE } from '../config/core-options.js';
import { type ConfigurationProblem, defineOptions, optionalText, seconds, text } from '../config/option-section.js';
import { credentialsProblem, ENCODE_CREDENTIALS } from '../config/url-with-credentials.js';

export interface MailOptions {
  readonly mailUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly mailTemplates: string;
  readonly mailPollSeconds: number;
}

export const mailOptions = defineOptions<MailOptions>({
  title: 'Mail',
  specs: {
    mailUrl: optionalText({
      shape: 'smtp://user:password@host:587 | smtps://user:password@host:465',
      matches: /^smtps?:\/\/[^\s/]+/,
      description: 'The SMTP server that sends the mails. Absent in development: they stay in the outbox.',
    }),
    mailFrom: optionalText({
      shape: 'Name <address>',
      // One plain address: whatever stands here becomes a header of every mail.
      matches: /^([^<>@,;:"\\\p{Cc}]+ <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u,
      description: 'Who sends the mails. Absent: `no-reply@` the host of `PUBLIC_URL`.',
    }),
    mailTemplates: text({
      default: '',
      shape: 'folder',
      description: 'Templates that take the place of the built-in ones of the same name. Empty: none.',
    }),
    mailPollSeconds: seconds({
      default: 5,
      min: 1,
      max: 3600,
      description: 'How often a node looks for mails that another left behind, or that are to be tried again.',
    }),
  },
  validate: (values, given) => [...mailUrlProblems(values), ...missingOrMeant(values, given)],
});

function mailUrlProblems({ mailUrl }: MailOptions): ConfigurationProblem[] {
  if (mailUrl === undefined) return [];
  const problem = credentialsProblem(mailUrl) ?? (URL.canParse(mailUrl) ? null : 'cannot be read as a URL');
  return problem === null ? [] : [{ option: 'mailUrl', problem, remedy: ENCODE_CREDENTIALS }];
}

function missingOrMeant(
  { nodeEnv, mailUrl }: MailOptions & Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
): ConfigurationProblem[] {
  if (nodeEnv === 'production' && mailUrl === undefined) {
    const remedy = 'give an SMTP server, e.g. smtps://user:password@mail.example.com:465';
    return [{ option: 'mailUrl', problem: 'is missing: nobody could verify an address', remedy }];
  }
  if (given.has('nodeEnv') || mailUrl === undefined) return [];
  const problem = 'is set, and NODE_ENV is not, which means development, where every mail can be read';
  return [{ option: 'mailUrl', problem, remedy: `${MEANT_FOR_PEOPLE}, or NODE_ENV=development where that is meant` }];
}
