import asyncHooks from 'node:async_hooks';

/** Made since the last file ended. */
const made = new Set();
const { AsyncLocalStorage } = asyncHooks;
/** From Node 22 on it can only be read; from 24 on a storage costs nothing that it is not asked for. */
const canBeWatched = Object.getOwnPropertyDescriptor(asyncHooks, 'AsyncLocalStorage')?.writable === true;

/**
 * Notes who makes an `AsyncLocalStorage`. Jest makes one for each spec file and forgets it; Node goes through all of them with each promise,
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
