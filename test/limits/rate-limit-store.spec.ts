import type { DataSource } from 'typeorm';
import { LocalBuckets } from '../../src/limits/local-buckets.js';
import { StoredRateLimits } from '../../src/sessions/stored-rate-limits.js';
import { exerciseRateLimitStore } from '../../src/testing/rate-limit-store.contract.js';
import { freshDatabase } from '../real-postgres.js';
import { openTestDataSource, storages } from '../stores/store-setups.js';

/** Where the storage keeps what it was given, the database is not asked. */
const NO_DATABASE = undefined as unknown as DataSource;
const framework = { describe, it, expect, beforeAll, afterAll };

for (const [name, open] of Object.entries(storages)) {
  describe(`on ${name}`, () => {
    exerciseRateLimitStore(framework, async () => {
      const { storage, close } = await open();
      if (storage.isDurable) return { store: new StoredRateLimits(storage.atomics, storage, NO_DATABASE), close };
      const database = await freshDatabase();
      const dataSource = await openTestDataSource(database.url);
      const store = new StoredRateLimits(storage.atomics, storage, dataSource);
      return { store, close: () => Promise.all([close(), dataSource.destroy()]).then(() => database.drop()) };
    });
  });
}

describe('on this node alone', () => {
  exerciseRateLimitStore(framework, async () => ({ store: new LocalBuckets(), close: async () => {} }));

  it('never holds more counters than it may, and forgets those that began first', async () => {
    const buckets = new LocalBuckets(100);
    const now = new Date('2030-01-01T12:00:00Z');
    for (let i = 0; i < 1000; i += 1) await buckets.add([{ key: `k${i}`, limit: 1, windowSeconds: 60 }], now);
    expect(buckets.size).toBe(100);
    const [newest] = await buckets.add([{ key: 'k999', limit: 1, windowSeconds: 60 }], now);
    expect(newest!.added).toBe(false);
  });

  it('forgets what has run out first', async () => {
    const buckets = new LocalBuckets(100);
    const now = new Date('2030-01-01T12:00:00Z');
    for (let i = 0; i < 50; i += 1) await buckets.add([{ key: `k${i}`, limit: 1, windowSeconds: 60 }], now);
    await buckets.add([{ key: 'later', limit: 1, windowSeconds: 60 }], new Date('2030-01-01T12:01:00Z'));
    expect(buckets.size).toBe(1);
  });
});
