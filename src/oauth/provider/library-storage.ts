import type { AsyncLocalStorage } from 'node:async_hooks';

/** Where the library keeps the request under way; every provider of the process shares it. */
type Storage = Pick<AsyncLocalStorage<unknown>, 'run' | 'disable'>;

/** Storages that rest already. */
const resting = new WeakSet<Storage>();

/**
 * Switches the storage off whenever no request is in the library. Before Node 24 a storage that was once used costs every promise of the process, for
 * as long as it lives: a tenth of a request that has nothing to do with the provider.
 */
export function restWhenIdle(storage: Storage): void {
  if (resting.has(storage)) return;
  resting.add(storage);
  const run = storage.run.bind(storage) as (store: unknown, work: () => unknown) => unknown;
  let underWay = 0;
  const leave = () => {
    underWay -= 1;
    if (underWay === 0) storage.disable();
  };
  storage.run = ((store: unknown, work: () => unknown) => {
    underWay += 1;
    let done: unknown;
    try {
      done = run(store, work);
    } finally {
      if (!(done instanceof Promise)) leave();
    }
    if (done instanceof Promise) done.then(leave, leave);
    return done;
  }) as Storage['run'];
}
