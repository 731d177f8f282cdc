/** What a suite has opened and must close. */
interface Closable {
  close(): Promise<unknown>;
}

const open = new Set<Closable>();

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

/** Servers, pools and timers of a failed suite would keep the run from ending. */
export async function closeWhatIsLeft(): Promise<void> {
  for (const one of open) await one.close().catch((error) => process.stderr.write(`left open: ${String(error)}\n`));
}
