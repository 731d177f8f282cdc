import { host, marked, now } from '../host.js';

/**
 * Everything that changes tokens takes turns, in this tab and over all tabs: by the Web Locks API, or where there is none by a mark that tabs
 * leave each other. Nothing of the page runs in it. After 5 seconds it runs in any case: the tab that has the turn may be frozen, and the
 * service answers both alike.
 */
export function turnsOf(name: string) {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>): Promise<T> => {
    const locks = host.navigator?.locks;
    if (!locks) {
      const turn = `${name} turn`;
      const id = `${Math.random()}`;
      const runMarked = async () => {
        // By the clock: the timers of a hidden tab come as rarely as once a minute.
        const end = now() + 5000;
        // A tab sees late what another has written, so it looks again at its own mark. Where storage is forbidden, or full, it waits for none.
        while (now() < end && ((marked(turn) || (marked(turn, id) && '')) ?? id) !== id)
          await new Promise((look) => setTimeout(look, 100));
        return run().finally(() => marked(turn, ''));
      };
      last = last.then(runMarked, runMarked);
      return last as Promise<T>;
    }
    let begun: Promise<T> | undefined;
    const begin = () => (begun ??= run());
    // What has run is not run again: its error comes a second time.
    return locks.request(name, { signal: AbortSignal.timeout(5000) }, begin).catch(begin);
  };
}
