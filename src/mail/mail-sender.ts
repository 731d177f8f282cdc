import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import type { ClaimedJob, JobHandler } from '../jobs/job-handler.js';
import { isStandInAddress } from '../kernel/stand-in-address.js';
import { MailAllowance } from './mail-allowance.js';
import type { MailJob, MailJobHandler } from './mail-job.js';
import { MailLanguage } from './mail-readers.js';
import { Mailer } from './mailer.js';

/** A mail job as the table has it. */
export interface MailJobRow {
  readonly id: string;
  readonly kind: string;
  readonly facts: Omit<MailJob, 'kind'>;
  readonly created_at: Date;
}

/** Writes the mail of a job, by the handler of its kind, and sends it. */
@Injectable()
export class MailSender implements JobHandler<MailJobRow> {
  private readonly logger = new Logger('mail');
  private readonly handlers = new Map<string, MailJobHandler>();

  constructor(
    private readonly mailer: Mailer,
    private readonly allowance: MailAllowance,
    private readonly language: MailLanguage,
    private readonly audit: AuditSink,
  ) {}

  /** @throws TypeError when the kind has a handler */
  registerHandler(kind: string, handler: MailJobHandler): void {
    if (this.handlers.has(kind)) throw new TypeError(`e-mails of the kind ${kind} already have a handler`);
    this.handlers.set(kind, handler);
  }

  /** The next mail is written when this one is: mails leave in the order they were asked for in. */
  async handle({ row, attempt }: ClaimedJob<MailJobRow>, next: () => void): Promise<void> {
    const { id, kind, facts, created_at: createdAt } = row;
    const handler = this.handlers.get(kind);
    // A newer node may have added it, in the middle of an update.
    if (!handler) throw new Error(`e-mails of the kind ${kind} have no handler`);
    const { languages: _, traceparent: __, ...given } = facts;
    const language = await this.language.of(facts);
    const mail = await handler({ ...given, kind }, { attempt, createdAt, language });
    if (!mail || isStandInAddress(mail.to)) return;
    if (!(await this.allowance.mayLeave({ to: mail.to, kind, jobId: id, attempt }))) {
      return this.audit.record({ type: 'mail.limited', kind, userId: userOf(row) });
    }
    const sent = this.mailer.send(mail);
    next();
    await sent;
  }

  /** The message of an SMTP error often quotes the address. */
  reasonOf(error: unknown): string {
    const { name, code, responseCode } = error as { name?: string; code?: string; responseCode?: number };
    return [name, code, responseCode].filter(Boolean).join(' ');
  }

  onFailure({ row: { kind }, attempt }: ClaimedJob<MailJobRow>, reason: string, pauseSeconds: number | null): void {
    if (pauseSeconds === null)
      this.logger.error(`an e-mail (${kind}) was given up after ${attempt} attempts: ${reason}`);
    else this.logger.warn(`an e-mail (${kind}) could not be sent; next attempt in ${pauseSeconds} s: ${reason}`);
  }

  onGivenUp({ row, attempt }: ClaimedJob<MailJobRow>, reason: string, tx: EntityManager): Promise<void> {
    return this.audit.record({ type: 'mail.failed', kind: row.kind, attempt, reason, userId: userOf(row) }, tx);
  }
}

function userOf({ facts: { userId } }: MailJobRow): string | null {
  return typeof userId === 'string' ? userId : null;
}
