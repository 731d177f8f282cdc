import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Options } from '../config/options.js';
import { outsideDeadline } from '../kernel/deadline.js';
import { JobQueue } from './job-queue.js';
import type { ClaimedJob, JobHandler } from './mail-job.js';
import { mailOptions } from './mail-options.js';
import { MailSender } from './mail-sender.js';

const AT_ONCE = 4;
/** An application has 10 s to end. */
const LAST_MAILS_SECONDS = 4;
/**
 * A mail is begun so long after it was posted, at random: what is done for a known address and not for an unknown one would
 * otherwise show in the time of the very next request.
 */
const HASTE_MILLISECONDS = { least: 20, most: 150 };

/** Carries jobs, as soon as this process has posted one, and now and then what others left behind. */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly underWay = new Set<Promise<void>>();
  private round: Promise<void> | undefined;
  private isDue = false;
  private readonly pollSeconds: number;
  private poll: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private isStopped = false;
  private isOutOfReach = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly sender: MailSender,
    options: Options,
  ) {
    this.pollSeconds = options.of(mailOptions).mailPollSeconds;
  }

  addHandler(kind: string, handler: JobHandler): void {
    this.sender.addHandler(kind, handler);
  }

  onApplicationBootstrap(): void {
    this.poll = setInterval(() => this.setOut(), this.pollSeconds * 1000);
    this.poll.unref();
    this.wake();
  }

  /** Looks into the queue in a moment. */
  wake(): void {
    const { least, most } = HASTE_MILLISECONDS;
    this.soon ??= setTimeout(() => outsideDeadline(() => this.setOut()), least + Math.random() * (most - least));
  }

  async settled(): Promise<void> {
    do {
      this.setOut();
      await this.round;
      await Promise.all(this.underWay);
    } while (this.round || this.underWay.size > 0);
  }

  /** Mails under way are finished, while the database is still open; the rest waits in it for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.poll);
    clearTimeout(this.soon);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_MAILS_SECONDS * 1000);
    });
    await Promise.race([Promise.all([this.round, ...this.underWay]).then(() => Promise.all(this.underWay)), patience]);
    clearTimeout(timer);
  }

  onApplicationShutdown(): void {
    if (this.underWay.size === 0) return;
    this.logger.warn(
      `${this.underWay.size} mails were being sent at the end: they are tried again after the next start`,
    );
  }

  private setOut(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    if (this.isStopped) return;
    this.isDue = true;
    this.round ??= this.rounds();
  }

  /** Never rejects. */
  private async rounds(): Promise<void> {
    while (this.isDue && !this.isStopped) {
      this.isDue = false;
      await this.carryAll().then(
        () => this.reached(null),
        (error: Error) => this.reached(error),
      );
    }
    // In the same step as the last look at `isDue`, or a job posted in between would wait for the next poll.
    this.round = undefined;
  }

  /** Writes one mail after the other, so that they leave in the order they were posted in; sends four at once. */
  private async carryAll(): Promise<void> {
    for (;;) {
      while (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay);
      const next = this.isStopped ? null : await this.queue.claim();
      if (!next) return;
      await new Promise<void>((written) => this.carry(next, written));
    }
  }

  private carry(job: ClaimedJob, written: () => void): void {
    const delivered = this.sender
      .deliver(job, written)
      .catch((error: Error) => this.reached(error))
      .finally(() => this.underWay.delete(delivered));
    this.underWay.add(delivered);
  }

  private reached(error: Error | null): void {
    if (error && !this.isOutOfReach) this.logger.warn(`the mail queue is out of reach (${error.message})`);
    if (!error && this.isOutOfReach) this.logger.log('the mail queue is in reach again');
    this.isOutOfReach = error !== null;
  }
}
