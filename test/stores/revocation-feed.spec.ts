import { exerciseRevocationFeed } from '../../src/testing/revocation-feed.contract.js';
import { storages } from './store-setups.js';

for (const [name, open] of Object.entries(storages)) {
  describe(`on ${name}`, () => {
    exerciseRevocationFeed({ describe, it, expect, beforeAll, afterAll }, async () => {
      const { storage, makeUser, close } = await open();
      return { feed: storage.feed!, sessions: storage.sessions, makeUser, close };
    });
  });
}
