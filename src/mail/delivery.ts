import { Injectable, Logger } from '@nestjs/common';
import { AuditSink } from '../audit/audit-sink.js';
import { isStandInAddress } from '../kernel/stand-in-address.js';
import type { ClaimedErrand, Errand, ErrandWriter } from './errand.js';
import { ErrandQueue } from './errand-queue.js';
import { MailAllowance } from './mail-allowance.js';
import { MailRefused } from './mail-refused.js';
import { type Mail, Mailer } from './mailer.js';
import { pauseAfter } from './retry-schedule.js';

/** Three to a claim: one may be late. */
const KEEP_SECONDS = 20;
/** RFC 5321 §4.5.3.2 lets a server think for longer; nobody who waits for a link does. */
const PATIENCE_SECONDS = 120;

/** Sees to one errand: writes its mail and sends it, tries again later, or gives up. */
@Injectable()
export class Delivery {
  private readonly logger = new Logger('mail');
  private readonly writers = new Map<string, ErrandWriter>();

  constructor(
    private readonly queue: ErrandQueue,
    private readonly mailer: Mailer,
    private readonly allowance: MailAllowance,
    private readonly audit: AuditSink,
  ) {}

  addWriter(kind: string, writer: ErrandWriter): void {
    if (this.writers.has(kind)) throw new TypeError(`mails of the kind ${kind} have a writer already`);
    this.writers.set(kind, writer);
  }

  /**
   * @param written called when there is a mail, or will be none
   * @throws only when the queue is out of reach
   */
  async deliver(claimed: ClaimedErrand, written: () => void): Promise<void> {
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

  private async send(claimed: ClaimedErrand, written: () => void): Promise<void> {
    const { id, errand, attempt } = claimed;
    const { kind } = errand;
    const mail = await this.write(claimed);
    if (!mail || isStandInAddress(mail.to)) return;
    if (!(await this.allowance.mayLeave({ to: mail.to, kind, errandId: id, attempt }))) {
      return this.audit.record({ type: 'mail.limited', kind, userId: userOf(errand) });
    }
    const sent = this.mailer.send(mail);
    written();
    await sent;
  }

  private async write({ errand, attempt, postedAt }: ClaimedErrand): Promise<Mail | null> {
    const writer = this.writers.get(errand.kind);
    // A newer node may have posted it, in the middle of an update.
    if (!writer) throw new Error(`nobody writes mails of the kind ${errand.kind}`);
    return writer(errand, { attempt, postedAt });
  }

  private async failed(claimed: ClaimedErrand, error: unknown): Promise<void> {
    const { errand, attempt } = claimed;
    const pause = error instanceof MailRefused ? null : pauseAfter(attempt);
    const reason = describe(error);
    if (pause !== null) {
      this.logger.warn(`a mail (${errand.kind}) was not sent, again in ${pause} s: ${reason}`);
      return this.queue.postpone(claimed, pause);
    }
    this.logger.error(`a mail (${errand.kind}) is given up after ${attempt} tries: ${reason}`);
    const event = { type: 'mail.failed' as const, kind: errand.kind, attempt, reason, userId: userOf(errand) };
    await this.queue.remove(claimed, (within) => this.audit.record(event, within));
  }
}

/** The message of an SMTP error often quotes the address. */
function describe(error: unknown): string {
  if (error instanceof MailRefused) return error.reason;
  const { name, code, responseCode } = error as { name?: string; code?: string; responseCode?: number };
  return [name, code, responseCode].filter(Boolean).join(' ');
}

function userOf({ userId }: Errand): string | null {
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
