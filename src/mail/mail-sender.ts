import { Injectable, Logger } from '@nestjs/common';
import { AuditSink } from '../audit/audit-sink.js';
import { isStandInAddress } from '../kernel/stand-in-address.js';
import { JobQueue } from './job-queue.js';
import { MailAllowance } from './mail-allowance.js';
import type { ClaimedJob, JobHandler, MailJob } from './mail-job.js';
import { MailRefused } from './mail-refused.js';
import { type Mail, Mailer } from './mailer.js';
import { pauseAfter } from './retry-schedule.js';

/** Three to a claim: one may be late. */
const KEEP_SECONDS = 20;
/** RFC 5321 §4.5.3.2 lets a server think for longer; nobody who waits for a link does. */
const PATIENCE_SECONDS = 120;

/** Sees to one job: writes its mail and sends it, tries again later, or gives up. */
@Injectable()
export class MailSender {
  private readonly logger = new Logger('mail');
  private readonly handlers = new Map<string, JobHandler>();

  constructor(
    private readonly queue: JobQueue,
    private readonly mailer: Mailer,
    private readonly allowance: MailAllowance,
    private readonly audit: AuditSink,
  ) {}

  addHandler(kind: string, handler: JobHandler): void {
    if (this.handlers.has(kind)) throw new TypeError(`mails of the kind ${kind} have a writer already`);
    this.handlers.set(kind, handler);
  }

  /**
   * @param written called when there is a mail, or will be none
   * @throws only when the queue is out of reach
   */
  async deliver(claimed: ClaimedJob, written: () => void): Promise<void> {
    const keeping = setInterval(() => void this.queue.keep(claimed).catch(() => undefined), KEEP_SECONDS * 1000);
    try {
      await inTime(this.send(claimed, written));
    } catch (error) {
      return await this.failed(claimed, error);
    } finally {
      written();
      clearInterval(keeping);
    }
    await this.queue.remove(claimed);
  }

  private async send(claimed: ClaimedJob, written: () => void): Promise<void> {
    const { id, job, attempt } = claimed;
    const { kind } = job;
    const mail = await this.write(claimed);
    if (!mail || isStandInAddress(mail.to)) return;
    if (!(await this.allowance.mayLeave({ to: mail.to, kind, jobId: id, attempt }))) {
      return this.audit.record({ type: 'mail.limited', kind, userId: userOf(job) });
    }
    const sent = this.mailer.send(mail);
    written();
    await sent;
  }

  private async write({ job, attempt, postedAt }: ClaimedJob): Promise<Mail | null> {
    const writer = this.handlers.get(job.kind);
    // A newer node may have posted it, in the middle of an update.
    if (!writer) throw new Error(`nobody writes mails of the kind ${job.kind}`);
    return writer(job, { attempt, postedAt });
  }

  private async failed(claimed: ClaimedJob, error: unknown): Promise<void> {
    const { job, attempt } = claimed;
    const pause = error instanceof MailRefused ? null : pauseAfter(attempt);
    const reason = describe(error);
    if (pause !== null) {
      this.logger.warn(`a mail (${job.kind}) was not sent, again in ${pause} s: ${reason}`);
      return this.queue.postpone(claimed, pause);
    }
    this.logger.error(`a mail (${job.kind}) is given up after ${attempt} tries: ${reason}`);
    const event = { type: 'mail.failed' as const, kind: job.kind, attempt, reason, userId: userOf(job) };
    await this.queue.remove(claimed, (within) => this.audit.record(event, within));
  }
}

/** The message of an SMTP error often quotes the address. */
function describe(error: unknown): string {
  if (error instanceof MailRefused) return error.reason;
  const { name, code, responseCode } = error as { name?: string; code?: string; responseCode?: number };
  return [name, code, responseCode].filter(Boolean).join(' ');
}

function userOf({ userId }: MailJob): string | null {
  return typeof userId === 'string' ? userId : null;
}

/** A mailer that never answers must not hold its place for ever. */
async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new MailTooLate()), PATIENCE_SECONDS * 1000);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class MailTooLate extends Error {
  override readonly name = 'MailTooLate';
}
