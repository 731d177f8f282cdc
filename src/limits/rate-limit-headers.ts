import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { HttpReply } from '../access/http-exchange.js';
import type { Replier } from '../access/replier.js';
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
    this.writeTo({ header: (name, value) => this.adapterHost.httpAdapter.setHeader(reply, name, value) }, counts);
  }

  /** The same, by a replier. */
  writeTo(replier: Pick<Replier, 'header'>, counts: readonly (RateLimit & Tally)[]): void {
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
