import type { Room } from '../config/room.js';
import { Commits } from '../jobs/commits.js';
import { ErrandEntity } from './errand.entity.js';
import { Letters } from './letters/letters.js';
import { TemplatedLetters } from './letters/templated-letters.js';
import { MailAllowance, UnlimitedMail } from './mail-allowance.js';
import { mailEvents } from './mail-events.js';
import { MailLinks } from './mail-links.js';
import { mailOptions } from './mail-options.js';
import { MailSender } from './mail-sender.js';
import { Mailer } from './mailer.js';
import { NodemailerMailer } from './nodemailer-mailer.js';
import { Notices } from './notices.js';
import { Outbox } from './outbox.js';
import { PostOffice } from './post-office.js';

export const mailRoom: Room = {
  name: 'mail',
  events: mailEvents,
  options: mailOptions,
  entities: [ErrandEntity],
  providers: [
    Outbox,
    { provide: Mailer, useClass: NodemailerMailer },
    { provide: MailAllowance, useClass: UnlimitedMail },
    { provide: Letters, useClass: TemplatedLetters },
    MailLinks,
    Commits,
    MailSender,
    PostOffice,
    Notices,
  ],
};
