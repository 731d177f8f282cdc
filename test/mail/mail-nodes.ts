import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type AuditEvent, AuditSink } from '../../src/audit/audit-sink.js';
import { coreOptions } from '../../src/config/core-options.js';
import { Options } from '../../src/config/options.js';
import { Commits } from '../../src/jobs/commits.js';
import { Catalogue } from '../../src/languages/catalogue.js';
import { mailWords } from '../../src/mail/mail.words.js';
import { type MailAllowance, UnlimitedMail } from '../../src/mail/mail-allowance.js';
import type { MailJob } from '../../src/mail/mail-job.js';
import { mailOptions } from '../../src/mail/mail-options.js';
import { MailQueue } from '../../src/mail/mail-queue.js';
import { MailLanguage, MailReaders } from '../../src/mail/mail-readers.js';
import { MailSender } from '../../src/mail/mail-sender.js';
import { type Mail, Mailer } from '../../src/mail/mailer.js';
import type { FakeClock } from '../../src/testing/index.js';

/** Notes what it is handed; fails, or waits, as `behaviour` says. */
export class TestMailer extends Mailer {
  readonly sent: string[] = [];
  behaviour: (mail: Mail) => Promise<void> = async () => {};

  async send(mail: Mail): Promise<void> {
    await this.behaviour(mail);
    this.sent.push(mail.subject);
  }
}

class KeptAudit extends AuditSink {
  readonly events: AuditEvent[] = [];

  async record(event: AuditEvent): Promise<void> {
    this.events.push(event);
  }
}

/** One node's mail queue on a real database, with what it logged and told the audit. */
class NoReaders extends MailReaders {
  async languageOf(): Promise<null> {
    return null;
  }
}

export class MailNode {
  readonly mailer = new TestMailer();
  readonly audit = new KeptAudit();
  readonly logged: string[] = [];
  readonly commits: Commits;
  readonly mailQueue: MailQueue;

  constructor(
    readonly dataSource: DataSource,
    clock: FakeClock,
    allowance: MailAllowance = new UnlimitedMail(),
  ) {
    const options = Options.resolve([coreOptions, mailOptions], { nodeEnv: 'test', mailPollSeconds: 3600 });
    this.commits = new Commits(dataSource);
    const language = new MailLanguage(new NoReaders(), Catalogue.of([mailWords]));
    const sender = new MailSender(this.mailer, allowance, language, this.audit);
    this.mailQueue = new MailQueue(dataSource, sender, this.commits, clock, options);
    this.mailQueue.registerHandler('test', async ({ subject }) => letter(String(subject)));
    const keep = (...lines: unknown[]) => void this.logged.push(lines.join(' '));
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
    this.commits.onModuleInit();
    this.mailQueue.onApplicationBootstrap();
  }

  post(subject: string, facts: Partial<MailJob> = {}): Promise<void> {
    return this.mailQueue.enqueue({ kind: 'test', subject, ...facts } as MailJob);
  }

  async waiting(): Promise<number> {
    const [{ count }] = await this.dataSource.query('SELECT count(*)::int FROM coatcheck.mail_jobs');
    return count;
  }

  async stop(): Promise<void> {
    await this.mailQueue.beforeApplicationShutdown();
    this.commits.onApplicationShutdown();
  }
}

export function letter(subject: string): Mail {
  return { to: 'ada@example.com', subject, text: 'text', html: '<p>text</p>' };
}
