import { exerciseSessionStore } from '../../src/testing/session-store.contract.js';
import { storages } from './store-setups.js';

for (const [name, open] of Object.entries(storages)) {
  describe(`on ${name}`, () => {
    exerciseSessionStore({ describe, it, expect, beforeAll, afterAll }, async () => {
      const { storage, ...rest } = await open();
      return { store: storage.sessions, ...rest };
    });
  });
}
