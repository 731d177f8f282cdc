import { MachineSteadyClock, type SteadyClock } from '../revocation/steady-clock.js';

/** All that a verifier knows of time. */
export interface VerifyClock extends SteadyClock {
  /** Milliseconds that have passed, only ever forward: leases and answers are measured by it. */
  milliseconds(): number;
  /** The time of day, in seconds since 1970: only tokens' own times are compared with it. */
  epochSeconds(): number;
  /** Calls back once, unless what it returns is called before. Never keeps the process alive. */
  after(milliseconds: number, work: () => void): () => void;
}

/** This machine's. */
export class MachineVerifyClock extends MachineSteadyClock implements VerifyClock {
  epochSeconds(): number {
    return Date.now() / 1000;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = setTimeout(work, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  }
}

/** Aborts when the time is over or the other signal does; `end` when neither is needed any more. */
export function within(
  clock: VerifyClock,
  milliseconds: number,
  other?: AbortSignal,
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const cancel = clock.after(milliseconds, abort);
  other?.addEventListener('abort', abort);
  if (other?.aborted) abort();
  const end = () => {
    cancel();
    other?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, end };
}
