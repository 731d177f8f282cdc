import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { HttpReply } from '../access/http-exchange.js';
import { Clock } from '../kernel/clock.js';
import type { RateLimit, Tally } from './rate-limit.store.js';

/** Tells a client what it has left, and one that has nothing left when to come back. */
@Injectable()
export class RateLimitHeaders {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly clock: Clock,
  ) {}

  /** `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) of whichever counter has least left. */
  write(reply: HttpReply, counts: readonly (RateLimit & Tally)[]): void {
    const [least] = [...counts].sort((one, other) => left(one) - left(other));
    if (!least) return;
    const adapter = this.adapterHost.httpAdapter;
    adapter.setHeader(reply, 'RateLimit-Limit', String(least.limit));
    adapter.setHeader(reply, 'RateLimit-Remaining', String(left(least)));
    adapter.setHeader(reply, 'RateLimit-Reset', String(this.secondsUntil(least.resetsAt)));
  }

  /** Whole seconds, at least 1. */
  secondsUntil(instant: Date): number {
    return Math.max(1, Math.ceil((instant.getTime() - this.clock.now().getTime()) / 1000));
  }
}

function left({ limit, count, added }: RateLimit & Tally): number {
  return added ? Math.max(0, limit - count) : 0;
}
