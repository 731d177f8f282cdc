import type { Room } from '../config/room.js';
import { mailOptions } from './mail-options.js';
import { Mailer } from './mailer.js';
import { NodemailerMailer } from './nodemailer-mailer.js';
import { Outbox } from './outbox.js';
import { PostOffice } from './post-office.js';

export const mailRoom: Room = {
  name: 'mail',
  options: mailOptions,
  providers: [Outbox, { provide: Mailer, useClass: NodemailerMailer }, PostOffice],
};
