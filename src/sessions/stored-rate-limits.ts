import { Injectable } from '@nestjs/common';
import { type CountedLimit, type RateLimit, RateLimitStore, type Tally } from '../limits/rate-limit.store.js';
import { AtomicPrimitives } from './atomic-primitives.js';

/** Rate limits in the store that `SESSION_STORE` chose. */
@Injectable()
export class StoredRateLimits extends RateLimitStore {
  constructor(private readonly atomics: AtomicPrimitives) {
    super();
  }

  add(limits: readonly RateLimit[], now: Date): Promise<Tally[]> {
    return this.atomics.addEachIfBelow(limits.map((limit) => ({ ...limit, now })));
  }

  takeBack(counted: readonly CountedLimit[]): Promise<void> {
    return this.atomics.takeBack(counted);
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.atomics.forget(keys);
  }
}
