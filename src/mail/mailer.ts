/** One message to one address. Both bodies say the same. */
export interface Mail {
  /** Canonical e-mail address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * Sends mails. Default: SMTP through nodemailer when `MAIL_URL` is set; in development every mail is also kept in the outbox.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: Mailer, useClass: PostmarkMailer }] })
 */
export abstract class Mailer {
  /** Resolves once the mail was handed over. @throws whatever the transport throws. */
  abstract send(mail: Mail): Promise<void>;
}
