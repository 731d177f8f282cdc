/** The work did not end in the time that it was given. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor() {
    super('no answer in time');
  }
}

/** Result of `work`, if it ends within `milliseconds`. The work itself goes on. @throws TimedOut */
export async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut()), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The same, of work that is told by a signal when its time is over. It need not heed the signal. @throws what the signal says */
export async function inTimeOrAborted<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  milliseconds: number,
): Promise<T> {
  const signal = AbortSignal.timeout(milliseconds);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const answer = (async () => work(signal))();
  return Promise.race([answer, aborted]);
}
