import { host } from '../host.js';

/**
 * Everything that changes tokens takes turns: in this tab, and by the Web Locks API, where there is one, over all tabs. Nothing of the page runs in
 * it. After 5 seconds it runs in any case: the tab that has the lock may be frozen, and the service answers both alike.
 */
export function turnsOf(name: string) {
  let last: Promise<unknown> = Promise.resolve();
  return async function alone<T>(run: () => Promise<T>, isEarly?: boolean): Promise<T | undefined> {
    const locks = host.navigator?.locks;
    if (!locks) {
      last = last.then(run, run);
      return last as Promise<T>;
    }
    let hasBegun = false;
    const begin = async (lock: unknown) => {
      hasBegun = true;
      return lock ? run() : undefined;
    };
    try {
      return await locks.request(name, isEarly ? { ifAvailable: true } : { signal: AbortSignal.timeout(5000) }, begin);
    } catch (error) {
      if (hasBegun) throw error;
      return run();
    }
  };
}
