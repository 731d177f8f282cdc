import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { envelopeOf } from './envelope.js';
import { mailOptions } from './mail-options.js';
import { type Mail, Mailer } from './mailer.js';
import { Outbox } from './outbox.js';

/** Sends by SMTP when `MAIL_URL` is set, and outside production keeps every mail in the outbox as well. */
@Injectable()
export class NodemailerMailer extends Mailer {
  private readonly smtp: ReturnType<typeof smtpTransport> | null;
  private readonly from: string;
  private readonly keeps: boolean;

  constructor(
    options: Options,
    private readonly outbox: Outbox,
  ) {
    super();
    const { mailUrl, mailFrom } = options.of(mailOptions);
    const { nodeEnv, publicUrl } = options.of(coreOptions);
    this.smtp = mailUrl === undefined ? null : smtpTransport(mailUrl);
    this.from = mailFrom ?? `no-reply@${new URL(publicUrl).hostname}`;
    this.keeps = nodeEnv !== 'production';
  }

  async send(mail: Mail): Promise<void> {
    const envelope = envelopeOf(mail, this.from);
    if (this.keeps) await this.outbox.keep(mail, envelope);
    await this.smtp?.sendMail({ ...envelope });
  }
}

/** A server that does not answer must not hold a mail, or a shutdown, for nodemailer's default of minutes. */
function smtpTransport(url: string) {
  return createTransport({ url, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 });
}
