import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Commits } from './commits.js';
import { JobQueue } from './job-queue.js';
import type { JobHandler, MailJob } from './mail-job.js';
import { MailWorker } from './mail-worker.js';

/**
 * Takes jobs, and sees to it that each becomes a mail or is found not to be due: through a queue in the database, so that no
 * answer waits for SMTP, fails by it, or tells by its time what was mailed, and nothing is lost when a process ends.
 *
 * To post is one insert of one row, whatever comes of it. So post the same job for a known and an unknown address, and let
 * the writer find out which it is.
 *
 * @example
 * constructor(private readonly mailQueue: MailQueue) {
 *   mailQueue.writes('password-reset', (job: ResetJob) => this.write(job));
 * }
 * await mailQueue.post({ kind: 'password-reset', email });
 */
@Injectable()
export class MailQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly worker: MailWorker,
    private readonly commits: Commits,
  ) {}

  /**
   * Says who writes the mails of a kind; in a constructor, so that it is said before the first is due.
   *
   * @throws TypeError when somebody else does
   */
  registerHandler<E extends MailJob>(kind: E['kind'], handler: JobHandler<E>): void {
    this.worker.addHandler(kind, handler as JobHandler);
  }

  /** Returns when the job is in the queue. `within` is the transaction of the change it tells of: it leaves if that commits. */
  async enqueue(job: MailJob, within?: EntityManager): Promise<void> {
    await this.queue.add(job, within);
    this.commits.after(within, () => this.worker.wake());
  }

  /** Resolves as soon as nothing that this process may send is due or being sent. What failed is due later. */
  settled(): Promise<void> {
    return this.worker.settled();
  }
}
