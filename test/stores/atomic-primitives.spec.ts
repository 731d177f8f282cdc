import { exerciseAtomicPrimitives } from '../../src/testing/atomic-primitives.contract.js';
import { storages } from './store-setups.js';

for (const [name, open] of Object.entries(storages)) {
  describe(`on ${name}`, () => {
    exerciseAtomicPrimitives({ describe, it, expect, beforeAll, afterAll }, async () => {
      const { storage, close } = await open();
      return { atomics: storage.atomics, close };
    });
  });
}
