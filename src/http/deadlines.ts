import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import { type Deadline, followDeadlines, tooLate, withinDeadline } from '../kernel/deadline.js';
import { httpOptions } from './http-options.js';

const SWEEP_MILLISECONDS = 100;
/** A request has waited for this part of the deadline: from now on requests are followed. */
const SLOW_PART = 0.2;
/** None has for so long: they are not any more. */
const CALM_MILLISECONDS = 30_000;

interface Waiting {
  readonly deadline: Deadline;
  readonly startedAt: number;
  turnAway(error: Error): void;
}

/**
 * Answers every request in time. One look at all that wait, a few times a second, costs less than a timer each; and statements are told of
 * deadlines only while a request waits long, for that costs everyone.
 */
@Injectable()
export class Deadlines implements BeforeApplicationShutdown {
  private readonly milliseconds: number;
  private readonly waiting = new Set<Waiting>();
  private readonly beginnings = new WeakMap<object, number>();
  private sweeper: NodeJS.Timeout | undefined;
  private unfollow: (() => void) | undefined;
  private slowAt = 0;

  constructor(options: Options) {
    this.milliseconds = options.of(httpOptions).requestDeadlineSeconds * 1000;
  }

  /**
   * The result of `work`, or `unavailable` when the request's time is over. What was begun by then comes to its end: a statement in flight
   * is carried out, or not, as any other whose answer is lost; a transaction that wants another is rolled back.
   *
   * @param request what is bounded before and is bounded again has its time from the first on
   */
  bound<T>(request: object, work: () => Promise<T>): Promise<T> {
    const startedAt = this.beginnings.get(request) ?? performance.now();
    this.beginnings.set(request, startedAt);
    return new Promise((resolve, reject) => {
      const deadline = { isOver: false };
      const waiting = { deadline, startedAt, turnAway: reject };
      this.waiting.add(waiting);
      this.sweeper ??= setInterval(() => this.sweep(performance.now()), SWEEP_MILLISECONDS).unref();
      const leave = () => this.waiting.delete(waiting);
      const done = withinDeadline(deadline, async () => work());
      done.then(leave, leave);
      done.then(resolve, reject);
    });
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.sweeper);
    this.unfollow?.();
  }

  private sweep(now: number): void {
    for (const each of this.waiting) {
      const waited = now - each.startedAt;
      if (waited >= this.milliseconds * SLOW_PART) this.slowAt = now;
      if (waited < this.milliseconds) continue;
      each.deadline.isOver = true;
      this.waiting.delete(each);
      each.turnAway(tooLate());
    }
    if (now - this.slowAt < CALM_MILLISECONDS && this.slowAt > 0) this.unfollow ??= followDeadlines();
    else this.relax();
  }

  private relax(): void {
    this.unfollow?.();
    this.unfollow = undefined;
    if (this.waiting.size > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }
}
