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
      description: 'SMTP server that sends the e-mails. Absent in development: e-mails stay in the outbox.',
    }),
    mailFrom: optionalText({
      isShown: true,
      shape: 'Name <address> | "Name, with a comma" <address>',
      // One plain address: whatever stands here becomes a header of every mail. A name with a comma is quoted, RFC 5322 §3.2.4.
      matches: /^(([^<>@,;:"\\\p{Cc}]+|"([^"\\\p{Cc}]|\\["\\])+") <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u,
      description: 'Sender of the e-mails. Absent: `no-reply@` followed by the host of `PUBLIC_URL`.',
    }),
    mailTemplates: text({
      isShown: true,
      default: '',
      shape: 'folder',
      description: 'Folder with templates that replace the built-in ones of the same name. Empty: none.',
    }),
    mailPollSeconds: seconds({
      default: 5,
      min: 1,
      max: 3600,
      description:
        'Interval at which a node looks for e-mails that another node left behind or that are due for another attempt.',
    }),
  },
  validate: (values, given) => [...mailUrlProblems(values), ...missingOrMeant(values, given)],
});

function mailUrlProblems({ mailUrl }: MailOptions): ConfigurationProblem[] {
  if (mailUrl === undefined) return [];
  const problem = credentialsProblem(mailUrl) ?? (URL.canParse(mailUrl) ? null : 'is not a valid URL');
  return problem === null ? [] : [{ option: 'mailUrl', problem, remedy: ENCODE_CREDENTIALS }];
}

function missingOrMeant(
  { nodeEnv, mailUrl }: MailOptions & Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
): ConfigurationProblem[] {
  if (nodeEnv === 'production' && mailUrl === undefined) {
    const remedy = 'set it to an SMTP server, e.g. smtps://user:password@mail.example.com:465';
    return [{ option: 'mailUrl', problem: 'is missing: users could not verify their e-mail addresses', remedy }];
  }
  if (given.has('nodeEnv') || mailUrl === undefined) return [];
  const problem =
    'is set, but NODE_ENV is not, which means development, where every e-mail can be read by anyone on this machine';
  return [
    {
      option: 'mailUrl',
      problem,
      remedy: `${MEANT_FOR_PEOPLE}, or NODE_ENV=development if development mode is intended`,
    },
  ];
}
