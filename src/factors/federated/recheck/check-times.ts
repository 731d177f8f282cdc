import { Injectable } from '@nestjs/common';
import { Options } from '../../../config/options.js';
import { Clock } from '../../../kernel/clock.js';
import { federatedOptions } from '../federated-options.js';

/** Of the interval: what began together is spread. */
const JITTER = 0.1;
/** Between two looks at a login whose provider gives no answer. */
const LEAST_PAUSE_SECONDS = 60;
const AFTER_FAILURE_SECONDS = 30;

/** When logins elsewhere are looked at. */
@Injectable()
export class CheckTimes {
  private readonly recheckSeconds: number;
  private readonly graceSeconds: number;

  constructor(
    private readonly clock: Clock,
    options: Options,
  ) {
    ({ federatedRecheckSeconds: this.recheckSeconds, federatedGraceSeconds: this.graceSeconds } =
      options.of(federatedOptions));
  }

  /** After a check that had its answer. @param leastSeconds what the provider asks for */
  next(leastSeconds = 0): Date {
    return this.clock.in(this.intervalOf(leastSeconds) * (1 + Math.random() * JITTER));
  }

  /** How long what rests on it goes on without an answer. */
  graceEndOf(failingSince: Date): Date {
    return new Date(failingSince.getTime() + this.graceSeconds * 1000);
  }

  /** After a check without an answer: soon at first, then ever more rarely, and once more when the grace is over. */
  nextTry(failingSince: Date, leastSeconds = 0): Date {
    const failing = (this.clock.now().getTime() - failingSince.getTime()) / 1000;
    const pause = Math.min(Math.max(failing / 2, LEAST_PAUSE_SECONDS), this.intervalOf(0));
    return earliest(this.clock.in(Math.max(pause, leastSeconds)), this.graceEndOf(failingSince))!;
  }

  /** After a look that a store of ours has cut short. */
  afterFailure(): Date {
    return this.clock.in(AFTER_FAILURE_SECONDS);
  }

  private intervalOf(leastSeconds: number): number {
    return Math.max(this.recheckSeconds, leastSeconds);
  }
}

/** Null where there is none. */
export function earliest(...instants: readonly (Date | null)[]): Date | null {
  const times = instants.filter((instant) => instant !== null).map((instant) => instant.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times));
}
