/** What a suite has opened and must close. */
interface Closable {
  close(): Promise<unknown>;
}

const open = new Set<Closable>();
const underWay = new Set<Promise<unknown>>();

/** A suite that fails before it has closed this leaves it to {@link closeWhatIsLeft}; `close` may be called again. */
export function closedAtTheEnd<T extends Closable>(one: T): T {
  const close = one.close.bind(one);
  let closing: Promise<unknown> | undefined;
  one.close = () => {
    open.delete(one);
    closing ??= close();
    return closing;
  };
  open.add(one);
  return one;
}

/** For what nobody need wait for: {@link closeWhatIsLeft} does, and fails if it failed. */
export function waitedForAtTheEnd(work: Promise<unknown>): void {
  underWay.add(work);
  // Only so that it is not unhandled until then.
  work.catch(() => undefined);
}

/** Servers, pools and timers of a failed suite would keep the run from ending. */
export async function closeWhatIsLeft(): Promise<void> {
  for (const one of open) await one.close().catch((error) => process.stderr.write(`left open: ${String(error)}\n`));
  await Promise.all(underWay);
}
