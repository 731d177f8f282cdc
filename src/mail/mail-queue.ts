import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Commits } from '../jobs/commits.js';
import { JobQueue, type JobTable } from '../jobs/job-queue.js';
import { JobWorker } from '../jobs/job-worker.js';
import { Clock } from '../kernel/clock.js';
import { languagesOfCause } from './mail-cause.js';
import type { MailJob, MailJobHandler } from './mail-job.js';
import { mailOptions } from './mail-options.js';
import { type MailJobRow, MailSender } from './mail-sender.js';

const TABLE: JobTable = {
  name: 'mail_jobs',
  key: ['id'],
  columns: ['kind', 'facts', 'created_at'],
  claimSeconds: 60,
};
/** So long a job is left to the process that added it: it is awake, and the others only look now and then. */
const RESERVED_SECONDS = 10;
/**
 * A mail is begun so long after it was asked for, at random: what is done for a known address and not for an unknown one would
 * otherwise show in the time of the very next request.
 */
const WAKE_MILLISECONDS = { least: 20, most: 150 };
const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Soon at first, as most outages are short; 23 hours in all. Links in mails live no longer. */
export const MAIL_PAUSES_SECONDS = [2, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];
const WORKING = {
  concurrency: 4,
  pausesSeconds: MAIL_PAUSES_SECONDS,
  // RFC 5321 §4.5.3.2 lets a server think for longer; a user who waits for a link does not.
  jobSeconds: 120,
  lastJobsSeconds: 4,
};

/**
 * Takes mail jobs, and sees to it that each becomes a mail or is found not to be due: through a queue in the database, so that no
 * answer waits for SMTP, fails by it, or tells by its time what was mailed, and nothing is lost when a process ends.
 *
 * To add a job is one insert of one row, whatever comes of it. So add the same job for a known and an unknown address, and let
 * the handler find out which it is.
 *
 * @example
 * constructor(private readonly mailQueue: MailQueue) {
 *   mailQueue.registerHandler('password-reset', (job: ResetJob) => this.write(job));
 * }
 * await mailQueue.enqueue({ kind: 'password-reset', email });
 */
@Injectable()
export class MailQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly queue: JobQueue<MailJobRow>;
  private readonly worker: JobWorker<MailJobRow>;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly sender: MailSender,
    private readonly commits: Commits,
    private readonly clock: Clock,
    options: Options,
  ) {
    const pollMilliseconds = options.of(mailOptions).mailPollSeconds * 1000;
    this.queue = new JobQueue(dataSource, clock, TABLE);
    this.worker = new JobWorker(this.queue, sender, { ...WORKING, pollMilliseconds, logger: new Logger('mail') });
  }

  /**
   * Says who writes the mails of a kind; in a constructor, so that it is said before the first is due.
   *
   * @throws TypeError when the kind has a handler
   */
  registerHandler<E extends MailJob>(kind: E['kind'], handler: MailJobHandler<E>): void {
    this.sender.registerHandler(kind, handler as MailJobHandler);
  }

  /** Returns when the job is in the queue. `within` is the transaction of the change it tells of: it leaves if that commits. */
  async enqueue(job: MailJob, within: EntityManager = this.dataSource.manager): Promise<void> {
    const { kind, languages = languagesOfCause(within), ...others } = job;
    const facts = languages === undefined ? others : { ...others, languages };
    await within.query(
      `INSERT INTO coatcheck.mail_jobs (kind, facts, attempts, created_at, due_at, claimed_by, claimed_until)
       VALUES ($1, $2, 0, $3, $3, $4, clock_timestamp() + $5 * interval '1 second')`,
      [kind, JSON.stringify(facts), this.clock.now(), this.queue.processId, RESERVED_SECONDS],
    );
    this.commits.after(within, () => this.wake());
  }

  /** Looks into the queue in a moment. */
  wake(): void {
    const { least, most } = WAKE_MILLISECONDS;
    this.worker.wake(least + Math.random() * (most - least));
  }

  /** Resolves as soon as nothing that this process may send is due or being sent. What failed is due later. */
  settled(): Promise<void> {
    return this.worker.settled();
  }

  onApplicationBootstrap(): void {
    this.worker.start();
    this.wake();
  }

  /** While the database is still open. */
  beforeApplicationShutdown(): Promise<void> {
    return this.worker.stop();
  }
}
