import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { CleanupTask } from '../kernel/cleanup-task.js';
import { Clock } from '../kernel/clock.js';
import { cleanupOptions } from './cleanup-options.js';

/** DI token of every feature's cleanups. */
export const CLEANUP_TASKS = Symbol('coatcheck.cleanups');

const BATCH = 500;
const PAUSE_MILLISECONDS = 50;
/** Key of the advisory lock: any number that nothing else in this database uses. */
const LOCK = 4_712_203_311;

/**
 * Deletes what has expired: now and then, in small batches, with a pause after each, so that no request feels it. A batch is one
 * transaction that holds an advisory lock; a node that finds it held leaves the work to the other.
 */
@Injectable()
export class CleanupScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('cleanup');
  private readonly intervalMilliseconds: number;
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    @Inject(CLEANUP_TASKS) private readonly cleanups: readonly CleanupTask[],
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.intervalMilliseconds = options.of(cleanupOptions).cleanupSeconds * 1000;
  }

  onApplicationBootstrap(): void {
    if (this.intervalMilliseconds > 0) this.planNext();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  /**
   * Sees to every cleanup until nothing is left, or another node is at it; one that fails is left for the next time. Returns how many rows
   * went. Never rejects.
   */
  async cleanUp(): Promise<number> {
    let total = 0;
    for (const task of this.cleanups) {
      for (let deleted = BATCH; deleted === BATCH && !this.isStopped; ) {
        const outcome = await this.batch(task);
        if (outcome === 'another node is at it') return total;
        deleted = outcome === 'failed' ? 0 : outcome;
        total += deleted;
        if (deleted === BATCH) await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      }
    }
    if (total > 0) this.logger.log(`deleted ${total} expired row(s)`);
    return total;
  }

  private async batch(task: CleanupTask): Promise<number | 'another node is at it' | 'failed'> {
    try {
      return await this.dataSource.transaction(async (manager) => {
        const [{ mine }] = await manager.query('SELECT pg_try_advisory_xact_lock($1) AS mine', [LOCK]);
        return mine ? task.deleteExpired(manager, this.clock.now(), BATCH) : 'another node is at it';
      });
    } catch (error) {
      this.logger.warn(`the cleanup task ${task.name} failed (${(error as Error).message})`);
      return 'failed';
    }
  }

  /** At a random moment of the interval's second half, or all nodes that were started together would come together. */
  private planNext(): void {
    const delay = this.intervalMilliseconds * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => {
      this.underWay = this.cleanUp().then(() => {
        if (!this.isStopped) this.planNext();
      });
    }, delay);
    this.timer.unref();
  }
}
