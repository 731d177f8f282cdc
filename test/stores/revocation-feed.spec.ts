import { exerciseRevocationFeed } from '../../src/testing/revocation-feed.contract.js';
import { storages } from './store-setups.js';

/** Redis and Memcached have no feed. */
const PUSHING = ['memory', 'real PostgreSQL', 'embedded PostgreSQL'];

it('is there for every storage that is not known to have none', async () => {
  const others = Object.entries(storages).filter(([name]) => !PUSHING.includes(name));
  for (const [name, open] of others) {
    const { storage, close } = await open();
    expect([name, storage.feed]).toEqual([name, null]);
    await close();
  }
});

for (const name of PUSHING) {
  const open = storages[name]!;
  describe(`on ${name}`, () => {
    exerciseRevocationFeed({ describe, it, expect, beforeAll, afterAll }, async () => {
      const { storage, makeUser, close } = await open();
      return { feed: storage.feed!, sessions: storage.sessions, makeUser, close };
    });
  });
}
