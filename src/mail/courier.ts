import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Options } from '../config/options.js';
import { Delivery } from './delivery.js';
import type { ErrandWriter } from './errand.js';
import { ErrandQueue } from './errand-queue.js';
import { mailOptions } from './mail-options.js';

const AT_ONCE = 4;
/** An application has 10 s to end. */
const LAST_LETTERS_SECONDS = 4;
/**
 * A mail is begun so long after it was posted, at random: what is done for a known address and not for an unknown one would
 * otherwise show in the time of the very next request.
 */
const HASTE_MILLISECONDS = { least: 20, most: 150 };

/** Carries errands: up to four at once, as soon as this process has posted one, and now and then what others left behind. */
@Injectable()
export class Courier implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly underWay = new Set<Promise<void>>();
  private readonly pollSeconds: number;
  private poll: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private isStopped = false;
  private isOutOfReach = false;

  constructor(
    private readonly queue: ErrandQueue,
    private readonly delivery: Delivery,
    options: Options,
  ) {
    this.pollSeconds = options.of(mailOptions).mailPollSeconds;
  }

  addWriter(kind: string, writer: ErrandWriter): void {
    this.delivery.addWriter(kind, writer);
  }

  onApplicationBootstrap(): void {
    this.poll = setInterval(() => this.setOut(), this.pollSeconds * 1000);
    this.poll.unref();
    this.wake();
  }

  /** Looks into the queue in a moment. */
  wake(): void {
    const { least, most } = HASTE_MILLISECONDS;
    this.soon ??= setTimeout(() => this.setOut(), least + Math.random() * (most - least));
  }

  async settled(): Promise<void> {
    do {
      this.setOut();
      await Promise.all(this.underWay);
    } while (this.underWay.size > 0);
  }

  /** Letters under way are finished, while the database is still open; the rest waits in it for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.poll);
    clearTimeout(this.soon);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_LETTERS_SECONDS * 1000);
    });
    await Promise.race([Promise.all(this.underWay), patience]);
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
    if (this.isStopped || this.underWay.size >= AT_ONCE) return;
    const round = this.carry().finally(() => this.underWay.delete(round));
    this.underWay.add(round);
  }

  /** One errand after the other until none is left; whenever there is one there may be more, so another sets out too. */
  private async carry(): Promise<void> {
    try {
      for (let next = await this.queue.claim(); next; next = this.isStopped ? null : await this.queue.claim()) {
        this.setOut();
        await this.delivery.deliver(next);
      }
      if (this.isOutOfReach) this.logger.log('the mail queue is in reach again');
      this.isOutOfReach = false;
    } catch (error) {
      if (!this.isOutOfReach) this.logger.warn(`the mail queue is out of reach (${(error as Error).message})`);
      this.isOutOfReach = true;
    }
  }
}
