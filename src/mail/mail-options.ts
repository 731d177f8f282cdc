import { type ConfigurationProblem, defineOptions, optionalText, seconds, text } from '../config/option-section.js';

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
  check: ({ nodeEnv, mailUrl }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || mailUrl !== undefined) return [];
    const problem = 'is missing: nobody could verify an address';
    return [
      { option: 'mailUrl', problem, remedy: 'give an SMTP server, e.g. smtps://user:password@mail.example.com:465' },
    ];
  },
});
