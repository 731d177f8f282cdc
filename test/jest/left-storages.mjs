import asyncHooks from 'node:async_hooks';

/** Made since the last file ended. */
const made = new Set();
const { AsyncLocalStorage } = asyncHooks;
/** From Node 22 on it can only be read; from 24 on a storage costs nothing that it is not asked for. */
const canBeWatched = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage')?.writable === true;

/**
 * Where Jest keeps which test is under way. In a storage it would cost every promise, timer and socket of the process a twelfth of all that is
 * computed; tests of one file follow each other, so that one place is enough.
 */
class OneAfterTheOther {
  run(store, work) {
    const before = this.store;
    const leave = () => {
      this.store = before;
    };
    this.store = store;
    let done;
    try {
      done = work();
    } finally {
      if (!(done instanceof Promise)) leave();
    }
    return done instanceof Promise ? done.finally(leave) : done;
  }

  getStore() {
    return this.store;
  }

  disable() {
    this.store = undefined;
  }
}

/** Until {@link watchStorages}: Jest's own are none of Node's. `test.concurrent` would need one. */
export function spareStorages() {
  if (canBeWatched) asyncHooks.AsyncLocalStorage = OneAfterTheOther;
}

/**
 * Notes who makes an `AsyncLocalStorage`. What one spec file makes is forgotten with it; Node goes through all of them with each promise,
 * which in the hundredth file of a process was a fifth of all that is computed.
 */
export function watchStorages() {
  if (!canBeWatched) return;
  asyncHooks.AsyncLocalStorage = class extends AsyncLocalStorage {
    constructor(...given) {
      super(...given);
      made.add(this);
    }
  };
}

/** Ends them. One that lives on, as it belongs to a module that all files share, is there again when it is used next. */
export function disableStorages() {
  for (const one of made) one.disable();
  made.clear();
  if (canBeWatched) asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
}
