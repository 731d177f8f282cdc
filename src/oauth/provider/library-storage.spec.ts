import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { restWhenIdle } from './library-storage.js';

/** As a library uses one, and how often it was switched off. */
function restingStorage() {
  const storage = new AsyncLocalStorage<string>();
  const disable = storage.disable.bind(storage);
  const seen = { disabled: 0 };
  storage.disable = () => {
    seen.disabled += 1;
    disable();
  };
  restWhenIdle(storage);
  return { storage, seen };
}

describe('the storage of the library', () => {
  it('keeps every request apart to its end, whichever ends first', async () => {
    const { storage, seen } = restingStorage();
    const asked = async (name: string, turns: number) => {
      for (let at = 0; at < turns; at++) await turn();
      return [name, storage.getStore()];
    };
    const all = [1, 5, 2, 9, 3].map((turns) => storage.run(`r${turns}`, () => asked(`r${turns}`, turns)));
    for (const [name, store] of await Promise.all(all)) expect(store).toBe(name);
    await turn();
    expect(seen.disabled).toBe(1);
    expect(storage.getStore()).toBeUndefined();
  });

  it('rests after a request that fails, and serves the next', async () => {
    const { storage, seen } = restingStorage();
    const failing = storage.run('first', async () => {
      await turn();
      throw new Error(String(storage.getStore()));
    });
    await expect(failing).rejects.toThrow('first');
    expect(() =>
      storage.run('second', () => {
        throw new Error(String(storage.getStore()));
      }),
    ).toThrow('second');
    expect(seen.disabled).toBe(2);
    await expect(storage.run('third', async () => storage.getStore())).resolves.toBe('third');
  });

  it('is taken in hand once, by however many applications', async () => {
    const { storage, seen } = restingStorage();
    restWhenIdle(storage);
    await storage.run('only', () => turn());
    await turn();
    expect(seen.disabled).toBe(1);
  });
});
