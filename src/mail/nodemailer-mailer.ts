import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { envelopeOf } from './envelope.js';
import { mailOptions } from './mail-options.js';
import { MailRefused } from './mail-refused.js';
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
    await this.smtp?.sendMail({ ...envelope }).catch((error) => refuseIfFinal(error));
  }
}

/** A server that does not answer must not hold a mail for nodemailer's default of ten minutes; a slow one is only slow. */
function smtpTransport(url: string) {
  return createTransport({ url, connectionTimeout: 10_000, greetingTimeout: 30_000, socketTimeout: 60_000 });
}

/**
 * RFC 5321 §4.2.1: a 5xx to the receiver or to the message will be the same next time. To anything else (our name, our password, our
 * address) it is the operator's mistake, and the operator may mend it while the mail waits.
 */
function refuseIfFinal(error: { readonly responseCode?: number; readonly command?: string }): never {
  const { responseCode = 0, command = '' } = error;
  const isFinal = responseCode >= 500 && /^(RCPT TO|DATA)$/.test(command);
  if (isFinal) throw new MailRefused(`${command} ${responseCode}`, { cause: error });
  throw error;
}
