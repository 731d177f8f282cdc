import { setTimeout as pause } from 'node:timers/promises';
import { outsideRequest } from './trace.js';

/**
 * Has something done one time at a time, once for all who ask meanwhile. A call never shares a run that began before it, for what
 * such a run has read may be older than what the caller knows: it shares the next.
 *
 * @example
 * const reading = new SingleFlight(() => this.readAll());
 * await reading.run();
 */
export class SingleFlight<Result> {
  private current: Promise<unknown> = Promise.resolve();
  private next: Promise<Result> | undefined;

  /** @param pauseMilliseconds least time between the beginnings of two runs, however many ask */
  constructor(
    private readonly work: () => Promise<Result>,
    private readonly pauseMilliseconds = 0,
  ) {}

  /** Resolves, or rejects, as a run does that began after this call. */
  run(): Promise<Result> {
    this.next ??= outsideRequest(() => this.afterCurrent());
    return this.next;
  }

  private async afterCurrent(): Promise<Result> {
    await this.current;
    this.next = undefined;
    const running = this.work();
    const paused = this.pauseMilliseconds > 0 && pause(this.pauseMilliseconds, undefined, { ref: false });
    this.current = Promise.allSettled([running, paused]);
    return running;
  }
}
