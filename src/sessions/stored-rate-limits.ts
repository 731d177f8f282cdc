import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { type CountedLimit, type RateLimit, RateLimitStore, type Tally } from '../limits/rate-limit.store.js';
import { AtomicPrimitives } from './atomic-primitives.js';
import { DatabaseCounters } from './database-counters.store.js';
import { Storage } from './storage.js';

/** The counters that rate limits need from a store. */
interface Counters {
  readonly countersIn: DataSource | null;
  addInTurn(additions: readonly (RateLimit & { readonly now: Date })[]): Promise<Tally[]>;
  subtract(counted: readonly CountedLimit[]): Promise<void>;
  forget(keys: readonly string[]): Promise<void>;
}

/**
 * Rate limits in the store that `SESSION_STORE` chose; in the database, where that is a cache. A cache forgets the oldest under
 * pressure, and so a client that floods it would win back the guesses that were counted.
 */
@Injectable()
export class StoredRateLimits extends RateLimitStore {
  private readonly counters: Counters;

  constructor(atomics: AtomicPrimitives, storage: Storage, @Inject(AUTH_DATA_SOURCE) dataSource: DataSource) {
    super();
    this.counters = storage.isDurable ? atomics : new DatabaseCounters(dataSource);
  }

  override get countersIn(): DataSource | null {
    return this.counters.countersIn;
  }

  add(limits: readonly RateLimit[], now: Date): Promise<Tally[]> {
    return this.counters.addInTurn(limits.map((limit) => ({ now, ...limit })));
  }

  subtract(counted: readonly CountedLimit[]): Promise<void> {
    return this.counters.subtract(counted);
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.counters.forget(keys);
  }
}
