import type { Feature } from '../config/feature.js';
import { Commits } from '../jobs/commits.js';
import { mailWords } from './mail.words.js';
import { MailAllowance, UnlimitedMail } from './mail-allowance.js';
import { mailEvents } from './mail-events.js';
import { MailJobEntity } from './mail-job.entity.js';
import { MailLinks } from './mail-links.js';
import { mailOptions } from './mail-options.js';
import { MailQueue } from './mail-queue.js';
import { MailLanguage } from './mail-readers.js';
import { MailSender } from './mail-sender.js';
import { mailSpanDescriptions, mailSpans } from './mail-spans.js';
import { Mailer } from './mailer.js';
import { NodemailerMailer } from './nodemailer-mailer.js';
import { Notifications } from './notifications.js';
import { Outbox } from './outbox.js';
import { EtaMailTemplates } from './templates/eta-mail-templates.js';
import { MailTemplates } from './templates/mail-templates.js';

export const mailFeature: Feature = {
  name: 'mail',
  events: mailEvents,
  words: mailWords,
  options: mailOptions,
  entities: [MailJobEntity],
  spans: { declared: mailSpanDescriptions, inject: [MailQueue, MailSender, Mailer], useFactory: mailSpans },
  providers: [
    Outbox,
    { provide: Mailer, useClass: NodemailerMailer },
    { provide: MailAllowance, useClass: UnlimitedMail },
    { provide: MailTemplates, useClass: EtaMailTemplates },
    MailLinks,
    Commits,
    MailLanguage,
    MailSender,
    MailQueue,
    Notifications,
  ],
};
