import type { INestApplication } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { envelopeOf } from '../mail/envelope.js';
import { MailQueue } from '../mail/mail-queue.js';
import { type Mail, Mailer } from '../mail/mailer.js';
import { NodemailerMailer } from '../mail/nodemailer-mailer.js';
import { Outbox, type OutboxMail } from '../mail/outbox.js';
import { TestStepFailed, within } from './test-step.js';

const PATIENCE_SECONDS = 10;

/** Every mail that leaves an application under test, sent by the built-in mailer or one of the application's own. */
export class SentMails {
  private readonly outbox: Outbox;
  private lastFailure: unknown;

  constructor(private readonly app: INestApplication) {
    this.outbox = app.get(Outbox, { strict: false });
    this.watch(app.get(Mailer, { strict: false }));
  }

  /** Every mail sent so far, to this address or to any; the newest first. @throws TestStepFailed while one is still being sent */
  async list(to?: string): Promise<OutboxMail[]> {
    await within(PATIENCE_SECONDS, this.app.get(MailQueue, { strict: false }).settled(), () => {
      const problem = `e-mails are still being sent after ${PATIENCE_SECONDS} s`;
      return new TestStepFailed('reading the e-mails', problem, 'see that `send` of your Mailer resolves');
    });
    return this.outbox.list().filter((mail) => to === undefined || mail.to === to.toLowerCase());
  }

  /** The first group of `pattern` in the newest mail to this address. @throws TestStepFailed */
  async find(what: string, to: string, pattern: RegExp): Promise<string> {
    const [mail] = await this.list(to);
    const step = `waiting for ${what} by e-mail to ${to}`;
    if (!mail) throw new TestStepFailed(step, this.noMail(), this.remedy(), this.lastFailure);
    const found = pattern.exec(mail.text)?.[1];
    if (found) return found;
    const remedy = 'keep the link in the text of the templates that you replace';
    throw new TestStepFailed(step, `the newest e-mail has none: ${JSON.stringify(mail.text)}`, remedy);
  }

  /** The built-in mailer keeps what it sends by itself, outside production. */
  private watch(mailer: Mailer): void {
    const { nodeEnv, publicUrl } = this.app.get(Options, { strict: false }).of(coreOptions);
    if (mailer instanceof NodemailerMailer && nodeEnv !== 'production') return;
    const send = mailer.send;
    mailer.send = async (mail: Mail) => {
      try {
        await send.call(mailer, mail);
      } catch (error) {
        this.lastFailure = error;
        throw error;
      }
      await this.outbox.keep(mail, envelopeOf(mail, `no-reply@${new URL(publicUrl).hostname}`));
    };
  }

  private noMail(): string {
    const all = this.outbox.list();
    const others = all.length === 0 ? 'none was sent at all' : `sent were: ${all.map(toWhom).join(', ')}`;
    const failure = this.lastFailure === undefined ? '' : `; the Mailer has failed: ${String(this.lastFailure)}`;
    return `no e-mail to that address was sent (${others})${failure}`;
  }

  private remedy(): string {
    const { name } = this.app.get(Mailer, { strict: false }).constructor;
    return `the Mailer is ${name}: see that its \`send\` resolves in tests, or use app.actAs(), which needs no e-mail`;
  }
}

function toWhom({ to, subject }: OutboxMail): string {
  return `${JSON.stringify(subject)} to ${to}`;
}
