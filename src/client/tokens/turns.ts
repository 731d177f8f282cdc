import { host, marked } from '../host.js';

/**
 * Everything that changes tokens takes turns, in this tab and over all tabs: by the Web Locks API, or where there is none by a mark that tabs
 * leave each other. Nothing of the page runs in it. After 5 seconds it runs in any case: the tab that has the turn may be frozen, and the
 * service answers both alike.
 */
export function turnsOf(name: string) {
  let last: Promise<unknown> = Promise.resolve();
  return async function alone<T>(run: () => Promise<T>): Promise<T> {
    const locks = host.navigator?.locks;
    if (!locks) {
      const turn = `${name} turn`;
      const id = String(Math.random());
      const runMarked = async () => {
        // A tab sees late what another has written, so it looks again at its own mark. Where storage is forbidden, it waits for none.
        for (let looks = 50; looks-- && (marked(turn) ?? id) !== id; ) {
          if (!marked(turn)) marked(turn, id);
          await new Promise((look) => setTimeout(look, 100));
        }
        return run().finally(() => marked(turn, ''));
      };
      last = last.then(runMarked, runMarked);
      return last as Promise<T>;
    }
    let hasBegun = false;
    const begin = () => {
      hasBegun = true;
      return run();
    };
    try {
      return await locks.request(name, { signal: AbortSignal.timeout(5000) }, begin);
    } catch (error) {
      if (hasBegun) throw error;
      return run();
    }
  };
}
