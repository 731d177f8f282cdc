import { Injectable } from '@nestjs/common';
import type { Replier } from '../access/replier.js';
import { Clock } from '../kernel/clock.js';
import type { RateLimit, Tally } from './rate-limit.store.js';

/** Headers that tell a client how many requests it has left, and when to come back. */
@Injectable()
export class RateLimitHeaders {
  constructor(private readonly clock: Clock) {}

  /** `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) of whichever counter has least left. */
  write(replier: Replier, counts: readonly (RateLimit & Tally)[]): void {
    const [least] = [...counts].sort((one, other) => left(one) - left(other));
    if (!least) return;
    replier.header('RateLimit-Limit', String(least.limit));
    replier.header('RateLimit-Remaining', String(left(least)));
    replier.header('RateLimit-Reset', String(this.secondsUntil(least.resetsAt)));
  }

  /** Whole seconds, at least 1. */
  secondsUntil(instant: Date): number {
    return Math.max(1, Math.ceil((instant.getTime() - this.clock.now().getTime()) / 1000));
  }
}

function left({ limit, count, added }: RateLimit & Tally): number {
  return added ? Math.max(0, limit - count) : 0;
}
