import { Logger } from '@nestjs/common';
import { inTime } from '../kernel/in-time.js';
import { SingleFlight } from '../kernel/single-flight.js';
import { outsideRequest } from '../kernel/trace.js';
import { type ClaimedJob, type JobHandler, JobRefused } from './job-handler.js';
import type { JobQueue } from './job-queue.js';

/** How a {@link JobWorker} works. */
export interface JobWorkerOptions {
  /** Of the feature, as the log names it. */
  readonly logger: Logger;
  /** Which jobs, of a table with lanes: those of one delay no others. Absent: all. */
  readonly lane?: string;
  /** Jobs at a time. With one, a failure ends the round: the rest would fare the same, and waits with all its tries left. */
  readonly concurrency: number;
  /** How often it looks for jobs that it was not woken for. */
  readonly pollMilliseconds: number;
  /** Pauses before the second try, the third and so on; after as many and one more a job is given up. */
  readonly pausesSeconds: readonly number[];
  /** A try that takes longer has failed. */
  readonly jobSeconds: number;
  /** At the end of the process jobs in flight are waited for so long. An application has 10 s to end. */
  readonly lastJobsSeconds: number;
}

/** Does the jobs of a queue, in the order in which they are due. */
export class JobWorker<Row extends object> {
  private readonly running = new Set<Promise<void>>();
  private readonly rounds = new SingleFlight(() => this.round());
  private poll: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private hasFailed = false;
  private isStopped = false;
  private isOutOfReach = false;

  constructor(
    private readonly queue: JobQueue<Row>,
    private readonly handler: JobHandler<Row>,
    private readonly options: JobWorkerOptions,
  ) {}

  start(): void {
    this.poll = setInterval(() => void this.rounds.run(), this.options.pollMilliseconds).unref();
  }

  /** Looks into the queue after so long. */
  wake(milliseconds: number): void {
    if (this.isStopped) return;
    this.soon ??= outsideRequest(() => setTimeout(() => void this.lookNow(), milliseconds));
  }

  /** Resolves as soon as nothing that this process may do is due or being done. What failed is due later. Never rejects. */
  async settled(): Promise<void> {
    do {
      await this.lookNow();
      await Promise.all(this.running);
    } while (this.running.size > 0);
  }

  /** Begins no further job, and waits for those in flight, `lastJobsSeconds` at most; the rest waits in the queue for another process. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.poll);
    await inTime(this.settled(), this.options.lastJobsSeconds * 1000).catch(() => undefined);
    const { size } = this.running;
    if (size > 0) this.options.logger.warn(`${size} job(s) were still running at shutdown and will be retried`);
  }

  private lookNow(): Promise<void> {
    clearTimeout(this.soon);
    this.soon = undefined;
    return this.rounds.run();
  }

  /** Begins one job after the other, as its handler says, and has as many in flight as may be. Never rejects. */
  private async round(): Promise<void> {
    const { concurrency, lane } = this.options;
    this.hasFailed = false;
    try {
      for (;;) {
        while (this.running.size >= concurrency) await Promise.race(this.running);
        if (this.isStopped || (concurrency === 1 && this.hasFailed)) return;
        const job = await this.queue.claim(lane);
        this.reached(null);
        if (!job) return;
        await new Promise<void>((next) => this.begin(job, next));
      }
    } catch (error) {
      this.reached(error as Error);
    }
  }

  private begin(job: ClaimedJob<Row>, next: () => void): void {
    const done = this.work(job, next)
      .catch((error: Error) => this.reached(error))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** @throws only when the queue is out of reach */
  private async work(job: ClaimedJob<Row>, next: () => void): Promise<void> {
    // Three to a claim: one may be late.
    const interval = (this.queue.table.claimSeconds * 1000) / 3;
    const keeping = setInterval(() => void this.queue.keep(job).catch(() => undefined), interval);
    try {
      await inTime(this.handler.handle(job, next), this.options.jobSeconds * 1000);
    } catch (error) {
      return await this.failed(job, error);
    } finally {
      next();
      clearInterval(keeping);
    }
    await this.queue.remove(job);
  }

  private async failed(job: ClaimedJob<Row>, error: unknown): Promise<void> {
    const { handler, queue } = this;
    this.hasFailed = true;
    const pause = error instanceof JobRefused ? null : (this.options.pausesSeconds[job.attempt - 1] ?? null);
    const reason = error instanceof JobRefused ? error.reason : handler.reasonOf(error);
    handler.onFailure(job, reason, pause);
    if (pause !== null) return queue.retry(job, pause, reason);
    await queue.giveUp(job, reason, async (tx) => handler.onGivenUp?.(job, reason, tx));
  }

  private reached(error: Error | null): void {
    const { logger } = this.options;
    const { name } = this.queue.table;
    if (error && !this.isOutOfReach) logger.warn(`${name} cannot be reached (${error.message})`);
    if (!error && this.isOutOfReach) logger.log(`${name} can be reached again`);
    this.isOutOfReach = error !== null;
  }
}
