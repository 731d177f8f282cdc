import { type ConfigurationProblem, defineOptions, optionalText } from '../config/option-section.js';

export interface MailOptions {
  readonly mailUrl: string | undefined;
  readonly mailFrom: string | undefined;
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
  },
  check: ({ nodeEnv, mailUrl }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || mailUrl !== undefined) return [];
    const problem = 'is missing: nobody could verify an address';
    return [
      { option: 'mailUrl', problem, remedy: 'give an SMTP server, e.g. smtps://user:password@mail.example.com:465' },
    ];
  },
});
